<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("apiKeyReminderText", keyName, keyHint, expiryDate, realmName)}</p>
<p>${msg("apiKeyReminderWhatToDo")}</p>
</@layout.emailLayout>
