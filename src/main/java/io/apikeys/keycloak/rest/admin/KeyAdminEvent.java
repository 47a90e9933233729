package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.rest.api.ApiKeyRepresentation;
import io.apikeys.keycloak.verify.KeyEvents;
import org.keycloak.events.Details;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/** What admin events say about keys: one event a key. */
final class KeyAdminEvent {

    private final KeycloakSession session;
    private final AdminEventBuilder event;

    /** @param event of the request */
    KeyAdminEvent(KeycloakSession session, AdminEventBuilder event) {
        this.session = session;
        this.event = event.clone(session).resource("API_KEY");
    }

    /** At the address of the request. */
    KeyAdminEvent here() {
        event.resourcePath(session.getContext().getUri());
        return this;
    }

    /** At the address of a key below the one of the request. */
    KeyAdminEvent at(String keyId) {
        event.resourcePath(session.getContext().getUri(), keyId);
        return this;
    }

    KeyAdminEvent with(ApiKeyRepresentation key) {
        event.representation(key);
        return this;
    }

    /** @param value null for no such detail */
    KeyAdminEvent detail(String name, String value) {
        if (value != null) {
            event.detail(name, value);
        }
        return this;
    }

    void success(OperationType operation, UserModel holder, ApiKeyCredentialModel key) {
        event.operation(operation)
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(Details.CREDENTIAL_USER_LABEL, key.name())
                .detail(KeyEvents.KEY_ID, key.getId())
                .detail(KeyEvents.HOLDER_ID, holder.getId())
                .success();
    }
}
