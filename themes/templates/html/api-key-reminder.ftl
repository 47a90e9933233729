<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("apiKeyReminderText", realmName)}</p>
<ul>
<#list keys as key>
  <li>${msg("apiKeyReminderKey", key.name, key.hint, key.expires)}</li>
</#list>
</ul>
<p>${msg("apiKeyReminderWhatToDo")}</p>
</@layout.emailLayout>
