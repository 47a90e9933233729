package io.apikeys.keycloak.session;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorFactory;

/** Puts {@link KeySessionTokens} behind every token response. */
public final class KeySessionTokensFactory implements TokenPostProcessorFactory {

    @Override
    public String getId() {
        return "api-key-session";
    }

    @Override
    public TokenPostProcessor create(KeycloakSession session) {
        return new KeySessionTokens(session);
    }
}
