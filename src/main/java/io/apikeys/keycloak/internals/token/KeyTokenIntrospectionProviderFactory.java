package io.apikeys.keycloak.internals.token;

import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.token.ApiKeyTokenExchangeProvider;
import jakarta.ws.rs.core.Response;
import org.keycloak.OAuth2Constants;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.AccessTokenIntrospectionProvider;
import org.keycloak.protocol.oidc.AccessTokenIntrospectionProviderFactory;
import org.keycloak.protocol.oidc.RefreshTokenIntrospectionProvider;
import org.keycloak.protocol.oidc.TokenIntrospectionProvider;
import org.keycloak.protocol.oidc.TokenIntrospectionProviderFactory;
import org.keycloak.representations.AccessToken;

/**
 * Lets the introspection endpoint accept raw keys with any {@code token_type_hint}. Keycloak selects the provider by
 * that hint, so there is one for each; they replace Keycloak's own by a higher {@link #order()} and treat any other
 * token as before. They extend Keycloak's, because its Account REST API casts to them.
 */
public abstract class KeyTokenIntrospectionProviderFactory
        implements TokenIntrospectionProviderFactory, PlainFactory<TokenIntrospectionProvider> {

    private final String hint;

    private KeyTokenIntrospectionProviderFactory(String hint) {
        this.hint = hint;
    }

    @Override
    public String getId() {
        return hint;
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public TokenIntrospectionProvider create(KeycloakSession session) {
        return new KeyOrAccessToken(session);
    }

    /** Also handles requests without a hint. */
    public static final class ForAccessTokenHint extends KeyTokenIntrospectionProviderFactory {
        public ForAccessTokenHint() {
            super(AccessTokenIntrospectionProviderFactory.ACCESS_TOKEN_TYPE);
        }
    }

    public static final class ForRefreshTokenHint extends KeyTokenIntrospectionProviderFactory {
        public ForRefreshTokenHint() {
            super(OAuth2Constants.REFRESH_TOKEN);
        }

        @Override
        public TokenIntrospectionProvider create(KeycloakSession session) {
            return new KeyOrRefreshToken(session);
        }
    }

    public static final class ForApiKeyHint extends KeyTokenIntrospectionProviderFactory {
        public ForApiKeyHint() {
            super(KeyIntrospection.TOKEN_TYPE);
        }
    }

    /** Handles the hint that is the token type of keys elsewhere in OAuth (RFC 8693, section 3). */
    public static final class ForTokenTypeHint extends KeyTokenIntrospectionProviderFactory {
        public ForTokenTypeHint() {
            super(ApiKeyTokenExchangeProvider.TOKEN_TYPE);
        }
    }

    private static final class KeyOrAccessToken extends AccessTokenIntrospectionProvider<AccessToken> {

        KeyOrAccessToken(KeycloakSession session) {
            super(session);
        }

        @Override
        public Response introspect(String token, EventBuilder event) {
            return new KeyIntrospection(session).concerns(token)
                    ? new KeyIntrospection(session).introspect(token, event)
                    : super.introspect(token, event);
        }

        @Override
        protected boolean verifyTokenReuse() {
            return super.verifyTokenReuse()
                    && KeyTokenIntrospection.keyIsGood(session, token, userSession, eventBuilder);
        }

        @Override
        public AccessToken transformAccessToken(AccessToken token, UserSessionModel userSession) {
            return KeyTokenIntrospection.concerns(token, userSession)
                    ? new KeyTokenIntrospection(session).transform(token, userSession)
                    : super.transformAccessToken(token, userSession);
        }
    }

    private static final class KeyOrRefreshToken extends RefreshTokenIntrospectionProvider {

        KeyOrRefreshToken(KeycloakSession session) {
            super(session);
        }

        @Override
        public Response introspect(String token, EventBuilder event) {
            return new KeyIntrospection(session).concerns(token)
                    ? new KeyIntrospection(session).introspect(token, event)
                    : super.introspect(token, event);
        }

        @Override
        protected boolean verifyTokenReuse() {
            return super.verifyTokenReuse()
                    && KeyTokenIntrospection.keyIsGood(session, token, userSession, eventBuilder);
        }

        @Override
        public AccessToken transformAccessToken(AccessToken token, UserSessionModel userSession) {
            return KeyTokenIntrospection.concerns(token, userSession)
                    ? new KeyTokenIntrospection(session).transform(token, userSession)
                    : super.transformAccessToken(token, userSession);
        }
    }
}
