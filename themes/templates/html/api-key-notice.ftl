<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("apiKeyNoticeText", realmName, time)}</p>
<ul>
<#list changes as change>
  <li>${msg(change.message, change.key, change.origin)}<#if change.reason?has_content> ${msg(change.reason)}</#if></li>
</#list>
</ul>
<p>${msg("apiKeyNoticeWhatToDo")}</p>
</@layout.emailLayout>
