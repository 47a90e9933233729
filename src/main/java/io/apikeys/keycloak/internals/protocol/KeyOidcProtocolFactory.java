package io.apikeys.keycloak.internals.protocol;

import jakarta.ws.rs.Path;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCLoginProtocolFactory;
import org.keycloak.protocol.oidc.OIDCLoginProtocolService;

/** Keycloak's OpenID Connect, with a revocation endpoint that also accepts keys. */
public final class KeyOidcProtocolFactory extends OIDCLoginProtocolFactory {

    @Override
    public Object createProtocolEndpoint(KeycloakSession session, EventBuilder event) {
        return new KeyOidcService(session, event);
    }

    /** Returns the order of Keycloak's own protocol plus one; the Admin Console also sorts protocols by it. */
    @Override
    public int order() {
        return super.order() + 1;
    }

    /** The endpoints of the protocol. */
    public static final class KeyOidcService extends OIDCLoginProtocolService {

        private final KeycloakSession session;
        private final EventBuilder event;

        KeyOidcService(KeycloakSession session, EventBuilder event) {
            super(session, event);
            this.session = session;
            this.event = event;
        }

        @Override
        @Path("revoke")
        public Object revoke() {
            return new KeyRevocationEndpoint(session, event);
        }
    }
}
