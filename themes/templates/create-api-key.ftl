<#import "template.ftl" as layout>
<#--
  Two pages: one that asks for a name and an expiry, and one that shows the key. The second comes only as the answer to the
  first; whoever reloads it is told that the key was shown. Works in both generations of Keycloak's themes, without a script
  but for the button that copies.
-->
<#assign wrapped = properties.kcInputGroupItemClass?has_content>
<#assign asks = apiKeyExpiries??>
<@layout.registrationLayout displayMessage=false; section>
    <#if section = "header">
        ${msg((asks || apiKeyRefused??)?then("createApiKeyTitle", "createdApiKeyTitle"))}
    <#elseif section = "form">
        <#if apiKeyRefused??>
            <p id="api-key-refused" style="margin-bottom: 1.5rem">${msg(apiKeyRefused)}</p>
            <form id="kc-api-key-refused" class="${properties.kcFormClass!}" action="${url.loginAction}" method="post">
                <@actions>
                    <button name="cancel-aia" value="true" type="submit"
                            class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}">${msg("doContinue")}</button>
                </@actions>
            </form>
        <#elseif asks>
            <@question />
        <#elseif apiKeyRaw??>
            <@answer />
        <#else>
            <p id="api-key-shown">${msg("createdApiKeyShown")}</p>
            <@done again=true />
        </#if>
    </#if>
</@layout.registrationLayout>

<#macro question>
    <form id="kc-create-api-key" class="${properties.kcFormClass!}" action="${url.loginAction}" method="post"
          onsubmit="create.disabled = true; return true;">
        <@field id="name" label=msg("createApiKeyName") help=msg("createApiKeyNameHelp")>
            <input id="name" name="name" type="text" class="<#if !wrapped>${properties.kcInputClass!}</#if>" maxlength="100"
                   required autofocus autocomplete="off" value="${apiKeyName}"
                   aria-describedby="name-message" aria-invalid="${messagesPerField.existsError("name")?c}"/>
        </@field>
        <@field id="expiry" label=msg("createApiKeyExpiry") help=msg("createApiKeyExpiryHelp")>
            <select id="expiry" name="expiry" class="<#if !wrapped>${properties.kcInputClass!}</#if>"
                    aria-describedby="expiry-message" aria-invalid="${messagesPerField.existsError("expiry")?c}">
                <#list apiKeyExpiries as choice>
                    <#assign chosen = apiKeyExpiry?has_content?then(apiKeyExpiry = choice.value(), choice.usual())>
                    <option value="${choice.value()}" <#if chosen>selected</#if>>
                        <#if choice.days()??>${msg("createApiKeyDays", choice.days())}<#else>${msg("createApiKeyNever")}</#if>
                    </option>
                </#list>
            </select>
        </@field>
        <@actions>
            <button id="kc-create" name="create" type="submit"
                    class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}">${msg("createApiKeySubmit")}</button>
            <#if isAppInitiatedAction??>
                <button name="cancel-aia" value="true" type="submit" formnovalidate
                        class="${properties.kcButtonClass!} ${properties.kcButtonSecondaryClass!properties.kcButtonDefaultClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}">${msg("doCancel")}</button>
            </#if>
        </@actions>
    </form>
</#macro>

<#macro answer>
    <div class="${properties.kcFormClass!}" style="margin-bottom: 1.5rem">
        <p id="api-key-warning"><strong>${msg("createdApiKeyWarning")}</strong> ${msg("createdApiKeyUnconfirmed")}</p>
        <div class="${properties.kcFormGroupClass!}">
            <div class="${properties.kcFormGroupLabelClass!}">
                <label for="api-key" class="${properties.kcFormLabelClass!properties.kcLabelClass!}">
                    <span class="${properties.kcFormLabelTextClass!}">${apiKeyName}</span>
                </label>
            </div>
            <div dir="ltr">
                <span class="<#if wrapped>${properties.kcInputClass!} pf-m-readonly</#if>">
                    <textarea id="api-key" rows="3" readonly spellcheck="false" autofocus class="<#if !wrapped>${properties.kcInputClass!}</#if>"
                              style="font-family: monospace; resize: none; word-break: break-all; height: auto; width: 100%"
                              onfocus="this.select()">${apiKeyRaw}</textarea>
                </span>
            </div>
        </div>
        <div class="${properties.kcFormGroupClass!}">
            <button id="copy-api-key" type="button" hidden
                    class="${properties.kcButtonClass!} ${properties.kcButtonSecondaryClass!properties.kcButtonDefaultClass!} ${properties.kcButtonBlockClass!}"
                    data-copied="${msg("createdApiKeyCopied")}">${msg("createdApiKeyCopy")}</button>
            <span id="copied-api-key" role="status"></span>
        </div>
    </div>
    <@done />
    <script>
        const copy = document.getElementById("copy-api-key");
        copy.hidden = false;
        copy.addEventListener("click", async () => {
            const key = document.getElementById("api-key");
            key.select();
            try {
                await navigator.clipboard.writeText(key.value);
            } catch (noClipboardWithoutHttps) {
                document.execCommand("copy");
            }
            document.getElementById("copied-api-key").textContent = copy.dataset.copied;
        });
    </script>
</#macro>

<#macro done again=false>
    <form id="kc-api-key-saved" class="${properties.kcFormClass!}" action="${url.loginAction}" method="post">
        <@actions>
            <button id="kc-saved" name="saved" value="true" type="submit"
                    class="${properties.kcButtonClass!} ${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}">${msg("createdApiKeySaved")}</button>
            <#if again>
                <button id="kc-again" name="again" value="true" type="submit"
                        class="${properties.kcButtonClass!} ${properties.kcButtonSecondaryClass!properties.kcButtonDefaultClass!} ${properties.kcButtonBlockClass!} ${properties.kcButtonLargeClass!}">${msg("createdApiKeyAgain")}</button>
            </#if>
        </@actions>
    </form>
</#macro>

<#macro actions>
    <div id="kc-form-buttons" class="${properties.kcFormGroupClass!}">
        <div class="${properties.kcFormActionGroupClass!}" style="flex-wrap: wrap">
            <#nested>
        </div>
    </div>
</#macro>

<#macro field id label help>
    <#assign invalid = messagesPerField.existsError(id)>
    <div class="${properties.kcFormGroupClass!}">
        <div class="${properties.kcFormGroupLabelClass!}">
            <label for="${id}" class="${properties.kcFormLabelClass!properties.kcLabelClass!}">
                <span class="${properties.kcFormLabelTextClass!}">${label}</span>
            </label>
        </div>
        <span class="<#if wrapped>${properties.kcInputClass!}<#if invalid> ${properties.kcError!}</#if></#if>"><#nested></span>
        <div class="${properties.kcFormHelperTextClass!}">
            <div class="${properties.kcInputHelperTextClass!}">
                <div class="${properties.kcInputHelperTextItemClass!}<#if invalid> ${properties.kcError!}</#if>" aria-live="polite">
                    <span id="${id}-message" class="<#if invalid>${properties.kcInputErrorMessageClass!}<#else>${properties.kcInputHelperTextItemTextClass!}</#if>"><#if invalid>${messagesPerField.get(id)}<#else>${help}</#if></span>
                </div>
            </div>
        </div>
    </div>
</#macro>
