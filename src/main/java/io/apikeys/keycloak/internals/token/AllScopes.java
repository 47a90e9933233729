package io.apikeys.keycloak.internals.token;

import io.apikeys.keycloak.holder.PresentedTokens;
import io.apikeys.keycloak.holder.PresentedTokens.Presented;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.core.Response.Status;
import java.util.Collection;
import java.util.Objects;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.grants.OAuth2GrantType;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.util.TokenUtil;

/**
 * Refuses, for a key that allows only some scopes, the two grants in which Keycloak applies all scopes of a client: an
 * access token made from an ID token ({@code KeycloakIdentity}), and a SAML assertion of the legacy exchange
 * ({@code V1TokenExchangeProvider}).
 */
final class AllScopes {

    private AllScopes() {}

    /**
     * Refuses a grant in which Keycloak would apply all scopes of the client.
     *
     * @throws CorsErrorResponseException if a token in the request is of a key that allows only some scopes
     */
    static void refuse(OAuth2GrantType.Context context) {
        String requested = context.getFormParams().getFirst(OAuth2Constants.REQUESTED_TOKEN_TYPE);
        boolean saml = OAuth2Constants.SAML2_TOKEN_TYPE.equals(requested);
        boolean narrowed = context.getFormParams().values().stream()
                .flatMap(Collection::stream)
                .filter(Objects::nonNull)
                .flatMap(PresentedTokens::in)
                .map(Presented::token)
                .filter(token -> saml || TokenUtil.TOKEN_TYPE_ID.equals(token.getType()))
                .anyMatch(token -> allowsSomeScopes(context.getSession(), token));
        if (narrowed) {
            throw new CorsErrorResponseException(
                    context.getCors(),
                    OAuthErrorException.INVALID_GRANT,
                    saml
                            ? "The token's API key allows only some scopes; a SAML exchange cannot be limited to them"
                            : "The ID token's API key allows only some scopes; send the access token",
                    Status.BAD_REQUEST);
        }
    }

    private static boolean allowsSomeScopes(KeycloakSession session, AccessToken token) {
        RealmModel realm = session.getContext().getRealm();
        UserModel holder = token.getSubject() == null ? null : session.users().getUserById(realm, token.getSubject());
        return holder != null
                && KeySession.keyId(token)
                        .flatMap(id -> HolderKeys.findReadable(holder, id))
                        .filter(key -> key.restrictions(session, realm).get(Restrictions.SCOPES) != null)
                        .isPresent();
    }
}
