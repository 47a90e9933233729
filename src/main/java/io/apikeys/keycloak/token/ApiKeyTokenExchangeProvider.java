package io.apikeys.keycloak.token;

import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.internals.token.KeyTokenExchange;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.Door;
import io.apikeys.keycloak.verify.KeyEvents;
import io.apikeys.keycloak.verify.RetryAfter;
import io.apikeys.keycloak.verify.Verification;
import io.apikeys.keycloak.verify.Verification.Refused;
import io.apikeys.keycloak.verify.Verification.Valid;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.TokenExchangeContext;
import org.keycloak.protocol.oidc.TokenExchangeProvider;
import org.keycloak.protocol.oidc.TokenExchangeProviderFactory;
import org.keycloak.services.CorsErrorResponseException;

/**
 * Token exchange (RFC 8693) with a key as the subject token, for confidential clients with <em>Standard token
 * exchange</em> enabled.
 */
public final class ApiKeyTokenExchangeProvider
        implements TokenExchangeProviderFactory, PlainFactory<TokenExchangeProvider>, TokenExchangeProvider {

    /** The identifier of keys as a token type (RFC 8693, section 3). */
    public static final String TOKEN_TYPE = "urn:keycloak:token-type:api-key";

    @Override
    public String getId() {
        return "api-key";
    }

    /** Returns a higher order than Keycloak's own providers have, because they do not know keys. */
    @Override
    public int order() {
        return 20;
    }

    @Override
    public TokenExchangeProvider create(KeycloakSession session) {
        return this;
    }

    @Override
    public boolean supports(TokenExchangeContext context) {
        return TOKEN_TYPE.equals(context.getParams().getSubjectTokenType());
    }

    @Override
    public Response exchange(TokenExchangeContext context) {
        refuseOtherKindsOfExchange(context);
        Verification answer = new ApiKeyVerifier(context.getSession(), context.getRealm())
                .verify(context.getParams().getSubjectToken(), Door.TOKEN_EXCHANGE);
        if (answer instanceof Refused refused) {
            KeyEvents.error(context.getEvent(), refused);
            RetryAfter.announce(context.getSession(), refused);
            throw refused(
                    context, OAuthErrorException.INVALID_GRANT, refused.reason().description());
        }
        Valid valid = (Valid) answer;
        KeyEvents.describe(context.getEvent(), valid);
        return new KeyTokenExchange(valid).exchange(context);
    }

    /** Refuses Keycloak's other kinds of token exchange: for another user, or with another server. */
    private static void refuseOtherKindsOfExchange(TokenExchangeContext context) {
        for (String parameter : new String[] {
            OAuth2Constants.REQUESTED_SUBJECT, OAuth2Constants.REQUESTED_ISSUER, OAuth2Constants.SUBJECT_ISSUER
        }) {
            if (context.getFormParams().containsKey(parameter)) {
                context.getEvent().detail(Details.REASON, parameter).error(Errors.INVALID_REQUEST);
                throw refused(
                        context,
                        OAuthErrorException.INVALID_REQUEST,
                        "Parameter '" + parameter + "' is not supported with an API key");
            }
        }
    }

    private static CorsErrorResponseException refused(TokenExchangeContext context, String error, String message) {
        return new CorsErrorResponseException(context.getCors(), error, message, Status.BAD_REQUEST);
    }

    @Override
    public void close() {}
}
