package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.rest.api.ApiKeyRepresentation;
import io.apikeys.keycloak.verify.KeyEvents;
import org.keycloak.events.Details;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/** The admin event about one key. A request that concerns several keys has an event for each. */
final class KeyAdminEvent {

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

    KeyAdminEvent with(ApiKeyRepresentation key) {
        event.representation(key);
        return this;
    }

    /**
     * Adds a detail.
     *
     * @param value null to add none
     */
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
