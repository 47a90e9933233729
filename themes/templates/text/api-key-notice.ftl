<#ftl output_format="plainText">
${msg("apiKeyNoticeText", realmName, time)}

<#list changes as change>
- ${msg(change.message, change.key, change.origin)}<#if change.reason?has_content> ${msg(change.reason)}</#if>
</#list>

${msg("apiKeyNoticeWhatToDo")}
