<#ftl output_format="plainText">
${msg("apiKeyReminderText", keyName, keyHint, expiryDate, realmName)}

${msg("apiKeyReminderWhatToDo")}
