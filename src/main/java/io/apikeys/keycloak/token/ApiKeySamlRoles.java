package io.apikeys.keycloak.token;

import io.apikeys.keycloak.session.KeyTokenManager;
import org.keycloak.dom.saml.v2.assertion.AttributeStatementType;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.saml.mappers.RoleListMapper;

/** Keycloak's mapper of roles into SAML assertions, with those that the key behind the session lets through. */
public final class ApiKeySamlRoles extends RoleListMapper {

    @Override
    public void mapRoles(
            AttributeStatementType roleAttributeStatement,
            ProtocolMapperModel mapper,
            KeycloakSession session,
            UserSessionModel userSession,
            ClientSessionContext context) {
        super.mapRoles(
                roleAttributeStatement,
                mapper,
                session,
                userSession,
                KeyTokenManager.narrow(session, userSession, context));
    }

    @Override
    public int order() {
        return 10;
    }
}
