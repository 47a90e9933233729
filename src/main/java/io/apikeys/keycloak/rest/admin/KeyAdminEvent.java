package io.apikeys.keycloak.rest.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.rest.api.ApiKeyRepresentation;
import io.apikeys.keycloak.verify.KeyEvents;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/** The admin event about one key. A request that concerns several keys has an event for each. */
final class KeyAdminEvent {

    private static final ObjectMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final KeycloakSession session;
    private final AdminEventBuilder event;

    /** @param event the admin event of the request */
    KeyAdminEvent(KeycloakSession session, AdminEventBuilder event) {
        this.session = session;
        this.event = event.clone(session).resource("API_KEY");
    }

    /** Sets the resource path to that of the request. */
    KeyAdminEvent here() {
        event.resourcePath(session.getContext().getUri());
        return this;
    }

    /** Sets the resource path to that of a key below the path of the request. */
    KeyAdminEvent at(String keyId) {
        event.resourcePath(session.getContext().getUri(), keyId);
        return this;
    }

    /** Adds the key as JSON in ASCII, which every database can store. */
    KeyAdminEvent with(ApiKeyRepresentation key) {
        try {
            event.representation(new RawValue(ASCII.writeValueAsString(key)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
        return this;
    }

    /** Adds a detail, if there is a value. */
    KeyAdminEvent detail(String name, @Nullable String value) {
        if (value != null) {
            event.detail(name, value);
        }
        return this;
    }

    void success(OperationType operation, UserModel holder, ApiKeyCredentialModel key) {
        event.operation(operation)
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(Details.CREDENTIAL_USER_LABEL, KeyEvents.label(key))
                .detail(KeyEvents.KEY_ID, key.getId())
                .detail(KeyEvents.HOLDER_ID, holder.getId())
                .success();
    }
}
