package io.apikeys.keycloak.rest.api;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.restriction.ShownRestrictions;
import io.apikeys.keycloak.restriction.StoredRestrictions;
import io.apikeys.keycloak.usage.KeyRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The representations of keys, made from the stored keys and the records of their use. */
public final class KeyRepresentations {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final KeyRecords records;

    public KeyRepresentations(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
        this.records = new KeyRecords(session);
    }

    public ApiKeyRepresentation of(ApiKeyCredentialModel key) {
        return of(List.of(key)).get(0);
    }

    public List<ApiKeyRepresentation> of(List<ApiKeyCredentialModel> keys) {
        return of(
                keys,
                records.find(keys.stream().map(ApiKeyCredentialModel::getId).toList()));
    }

    /**
     * Returns the representations of keys.
     *
     * @param uses the records of their use, by key id
     */
    public List<ApiKeyRepresentation> of(Collection<ApiKeyCredentialModel> keys, Map<String, KeyRecord> uses) {
        Map<String, Long> quotasLeft = records.quotasLeft(keys);
        return keys.stream()
                .map(key -> ApiKeyRepresentation.of(
                        key, restrictions(key), uses.get(key.getId()), quotasLeft.get(key.getId())))
                .toList();
    }

    private ShownRestrictions restrictions(ApiKeyCredentialModel key) {
        return key.data()
                .map(ApiKeyCredentialData::restrictions)
                .orElse(StoredRestrictions.NONE)
                .shownIn(session, realm);
    }
}
