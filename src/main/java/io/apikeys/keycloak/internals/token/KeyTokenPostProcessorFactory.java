package io.apikeys.keycloak.internals.token;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorFactory;

/** Registers {@link KeyTokenPostProcessor} for every token response. */
public final class KeyTokenPostProcessorFactory implements TokenPostProcessorFactory {

    @Override
    public String getId() {
        return "api-key-session";
    }

    @Override
    public TokenPostProcessor create(KeycloakSession session) {
        return new KeyTokenPostProcessor(session);
    }
}
