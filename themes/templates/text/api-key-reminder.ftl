<#ftl output_format="plainText">
${msg("apiKeyReminderText", realmName)}

<#list keys as key>
- ${msg("apiKeyReminderKey", key.name, key.hint, key.expires)}
</#list>

${msg("apiKeyReminderWhatToDo")}
