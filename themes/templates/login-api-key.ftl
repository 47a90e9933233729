<#import "template.ftl" as layout>
<#--
  Works in themes of both of Keycloak's generations: in those that style a wrapper around the input (keycloak.v2), and in
  those that style the input itself (keycloak). Needs no script, but for the button that shows what was typed.
-->
<#assign wrapped = properties.kcInputGroupItemClass?has_content>
<#assign invalid = messagesPerField.existsError("apiKey")>
<@layout.registrationLayout displayMessage=!invalid; section>
    <#if section = "header">
        ${msg("apiKeyLoginTitle")}
    <#elseif section = "form">
        <noscript>
            <style>#apiKey-toggle { display: none }</style>
        </noscript>
        <div id="kc-form">
            <div id="kc-form-wrapper">
                <form id="kc-api-key-form" class="${properties.kcFormClass!}" action="${url.loginAction}" method="post"
                      onsubmit="login.disabled = true; return true;">
                    <div class="${properties.kcFormGroupClass!}">
                        <div class="${properties.kcFormGroupLabelClass!}">
                            <label for="apiKey" class="${properties.kcFormLabelClass!properties.kcLabelClass!}">
                                <span class="${properties.kcFormLabelTextClass!}">${msg("apiKeyLabel")}</span>
                            </label>
                        </div>
                        <div class="${properties.kcInputGroup!}" dir="ltr">
                            <#if wrapped>
                                <div class="${properties.kcInputGroupItemClass!} ${properties.kcFill!}">
                                    <span class="${properties.kcInputClass!}<#if invalid> ${properties.kcError!}</#if>">
                                        <@key />
                                        <#if invalid>
                                            <span class="${properties.kcFormControlUtilClass!}">
                                                <span class="${properties.kcInputErrorIconStatusClass!}">
                                                    <i class="${properties.kcInputErrorIconClass!}" aria-hidden="true"></i>
                                                </span>
                                            </span>
                                        </#if>
                                    </span>
                                </div>
                                <div class="${properties.kcInputGroupItemClass!}"><@toggle /></div>
                            <#else>
                                <@key class=properties.kcInputClass! />
                                <@toggle />
                            </#if>
                        </div>
                        <div class="${properties.kcFormHelperTextClass!}">
                            <div class="${properties.kcInputHelperTextClass!}">
                                <div class="${properties.kcInputHelperTextItemClass!}<#if invalid> ${properties.kcError!}</#if>"
                                     aria-live="polite">
                                    <#if invalid>
                                        <span id="apiKey-error" class="${properties.kcInputErrorMessageClass!}">${messagesPerField.get("apiKey")}</span>
                                    <#else>
                                        <span id="apiKey-help" class="${properties.kcInputHelperTextItemTextClass!}">${msg("apiKeyLoginHelp")}</span>
                                    </#if>
                                </div>
                            </div>
                        </div>
                    </div>
                    <div id="kc-form-buttons" class="${properties.kcFormGroupClass!}">
                        <div class="${properties.kcFormActionGroupClass!}">
                            <button id="kc-login" name="login" type="submit"
                                    class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}">${msg("doLogIn")}</button>
                        </div>
                    </div>
                </form>
            </div>
        </div>
        <script type="module" src="${url.resourcesPath}/js/passwordVisibility.js"></script>
    </#if>
</@layout.registrationLayout>

<#-- Never with a value: what was typed is not sent back. -->
<#macro key class="">
    <input id="apiKey" name="apiKey" type="password" class="${class}" required autofocus
           autocomplete="${(apiKeySaved!false)?then("current-password", "off")}" autocapitalize="none" autocorrect="off" spellcheck="false"
           aria-describedby="${invalid?then("apiKey-error", "apiKey-help")}" aria-invalid="${invalid?c}"/>
</#macro>

<#macro toggle>
    <button id="apiKey-toggle" type="button" class="${properties.kcFormPasswordVisibilityButtonClass!}"
            aria-label="${msg("showApiKey")}" aria-controls="apiKey" data-password-toggle
            data-icon-show="${properties.kcFormPasswordVisibilityIconShow!}"
            data-icon-hide="${properties.kcFormPasswordVisibilityIconHide!}"
            data-label-show="${msg("showApiKey")}" data-label-hide="${msg("hideApiKey")}">
        <i class="${properties.kcFormPasswordVisibilityIconShow!}" aria-hidden="true"></i>
    </button>
</#macro>
