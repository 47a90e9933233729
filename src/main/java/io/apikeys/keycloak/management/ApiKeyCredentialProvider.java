package io.apikeys.keycloak.management;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.credential.HolderStore;
import io.apikeys.keycloak.inventory.ImportedKeys;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.usage.KeyRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.keycloak.credential.CredentialMetadata;
import org.keycloak.credential.CredentialMetadata.LocalizedMessage;
import org.keycloak.credential.CredentialModel;
import org.keycloak.credential.CredentialProvider;
import org.keycloak.credential.CredentialTypeMetadata;
import org.keycloak.credential.CredentialTypeMetadataContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Makes {@value ApiKeyCredentialModel#TYPE} a credential type that Keycloak's login, consoles and REST API know. */
public final class ApiKeyCredentialProvider implements CredentialProvider<ApiKeyCredentialModel> {

    /** How long before its end a key is shown with a warning. */
    private static final Duration WARNED_BEFORE = Duration.ofDays(14);

    private final KeycloakSession session;

    ApiKeyCredentialProvider(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public String getType() {
        return ApiKeyCredentialModel.TYPE;
    }

    /**
     * Stores a key that was not issued here: Keycloak calls this for the credentials of an imported user. The id of the
     * user may be another than the one in the key, so that the key is also found by its hash.
     *
     * @return the stored key; the same key without being stored if no entry point would find it
     */
    @Override
    public CredentialModel createCredential(RealmModel realm, UserModel user, ApiKeyCredentialModel key) {
        ImportedKeys imported = new ImportedKeys(session, realm);
        if (!imported.admit(key, user.getId())) {
            return key;
        }
        CredentialModel stored = new HolderStore(session, realm, user).create(imported.of(key, user.getId()));
        imported.add(stored, user.getId());
        return stored;
    }

    @Override
    public boolean deleteCredential(RealmModel realm, UserModel user, String credentialId) {
        return new HolderStore(session, realm, user).remove(credentialId);
    }

    @Override
    public ApiKeyCredentialModel getCredentialFromModel(CredentialModel model) {
        return ApiKeyCredentialModel.createFromCredentialModel(model);
    }

    /** The texts are message keys of this extension's theme resources; the icon is the key that every theme has. */
    @Override
    public CredentialTypeMetadata getCredentialTypeMetadata(CredentialTypeMetadataContext context) {
        return CredentialTypeMetadata.builder()
                .type(getType())
                .category(CredentialTypeMetadata.Category.PASSWORDLESS)
                .displayName("api-key-display-name")
                .helpText("api-key-help-text")
                .iconCssClass("kcAuthenticatorWebAuthnClass")
                .createAction(
                        RealmPolicy.of(session.getContext().getRealm()).holdersMakeKeys() ? RealmPolicy.ACTION : null)
                .removeable(true)
                .build(session);
    }

    /** Returns what the Account Console shows for a key. It shows a warning only if that has a title and a description. */
    @Override
    public CredentialMetadata getCredentialMetadata(
            ApiKeyCredentialModel key, CredentialTypeMetadata credentialTypeMetadata) {
        CredentialMetadata metadata = new CredentialMetadata();
        metadata.setCredentialModel(key);
        ApiKeyCredentialData data = key.data().orElse(null);
        if (data == null) {
            metadata.setWarningMessageTitle("apiKeyUnreadable");
            metadata.setWarningMessageDescription("apiKeyUnreadableHint");
            return metadata;
        }
        Locale locale = session.getContext().resolveLocale(session.getContext().getUser());
        KeyRecord use = new KeyRecords(session).find(List.of(key.getId())).get(key.getId());
        List<LocalizedMessage> properties = new ArrayList<>();
        properties.add(message("apiKeyExpiry", "apiKeyExpiresNever", data.expiresAt(), locale));
        properties.add(message(
                "apiKeyLastUse",
                "apiKeyNeverUsed",
                use == null || use.getLastUsedAt() == null ? null : Instant.ofEpochMilli(use.getLastUsedAt()),
                locale));
        metadata.setInfoProperties(properties);
        metadata.setInfoMessage("apiKeyHint", data.hint());
        Instant now = Instant.now();
        if (data.expiresAt() != null && data.expired(now)) {
            metadata.setWarningMessageTitle("apiKeyExpired");
            metadata.setWarningMessageDescription("apiKeyExpiredOn", date(data.expiresAt(), locale));
        } else if (!data.enabled()) {
            metadata.setWarningMessageTitle("apiKeyDisabled");
            metadata.setWarningMessageDescription("apiKeyDisabledHint");
        } else if (data.expiresAt() != null && data.expired(now.plus(WARNED_BEFORE))) {
            metadata.setWarningMessageTitle("apiKeyExpiresSoon");
            metadata.setWarningMessageDescription("apiKeyExpires", date(data.expiresAt(), locale));
        }
        return metadata;
    }

    private static LocalizedMessage message(String key, String keyIfNone, @Nullable Instant date, Locale locale) {
        return date == null
                ? new LocalizedMessage(keyIfNone, new Object[0])
                : new LocalizedMessage(key, new Object[] {date(date, locale)});
    }

    private static String date(Instant date, Locale locale) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale)
                .withZone(ZoneOffset.UTC)
                .format(date);
    }
}
