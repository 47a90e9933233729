package io.apikeys.keycloak.internals.protocol;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.token.KeyIntrospection;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.management.KeyRevocation;
import io.apikeys.keycloak.rest.api.RequiredHttps;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.FoundKey;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.headers.SecurityHeadersProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.endpoints.TokenRevocationEndpoint;
import org.keycloak.protocol.oidc.utils.AuthorizeClientUtil;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.TokenRevokeContext;
import org.keycloak.services.cors.Cors;

/**
 * Keycloak's revocation endpoint (RFC 7009), which also revokes keys that the authenticated client may use. Tokens are
 * revoked as before.
 */
public final class KeyRevocationEndpoint extends TokenRevocationEndpoint {

    private final KeycloakSession session;
    private final EventBuilder event;

    KeyRevocationEndpoint(KeycloakSession session, EventBuilder event) {
        super(session, event);
        this.session = session;
        this.event = event;
    }

    @Override
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response revoke() {
        MultivaluedMap<String, String> form =
                session.getContext().getHttpRequest().getDecodedFormParameters();
        String token = form.getFirst(PARAM_TOKEN);
        RealmModel realm = session.getContext().getRealm();
        if (!realm.isEnabled()
                || RequiredHttps.isMissing(session.getContext())
                || form.values().stream().anyMatch(values -> values.size() != 1)
                || !new KeyIntrospection(session).concerns(token)) {
            return super.revoke();
        }
        event.event(EventType.REVOKE_GRANT);
        Cors cors = Cors.builder().auth().allowedMethods("POST").exposedHeaders(Cors.ACCESS_CONTROL_ALLOW_METHODS);
        ClientModel client =
                AuthorizeClientUtil.authorizeClient(session, event, cors).getClient();
        event.client(client).detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE);
        cors.checkAllowedOrigins(session, client);
        if (client.isBearerOnly()) {
            throw new CorsErrorResponseException(
                    cors, OAuthErrorException.INVALID_CLIENT, "Bearer-only not allowed", Status.BAD_REQUEST);
        }
        askClientPolicies(client, form, cors);
        new ApiKeyVerifier(session, realm)
                .find(token)
                .ifPresentOrElse(found -> revoke(found, realm, client, cors), () -> event.error(Errors.INVALID_TOKEN));
        session.getProvider(SecurityHeadersProvider.class).options().allowEmptyContentType();
        return cors.add(Response.ok());
    }

    private void askClientPolicies(ClientModel client, MultivaluedMap<String, String> form, Cors cors) {
        try {
            session.clientPolicy().triggerOnEvent(new TokenRevokeContext(client, form));
        } catch (ClientPolicyException refused) {
            event.detail(Details.REASON, Details.CLIENT_POLICY_ERROR)
                    .detail(Details.CLIENT_POLICY_ERROR, refused.getError())
                    .detail(Details.CLIENT_POLICY_ERROR_DETAIL, refused.getErrorDetail())
                    .error(refused.getError());
            throw new CorsErrorResponseException(
                    cors, refused.getError(), refused.getErrorDetail(), refused.getErrorStatus());
        }
    }

    private void revoke(FoundKey found, RealmModel realm, ClientModel client, Cors cors) {
        event.user(found.holder()).detail(KeyEvents.KEY_ID, found.key().id());
        if (!found.key().restrictions(session, realm).allowsClient(client.getClientId())) {
            event.detail(Details.REASON, "Unmatching clients").error(Errors.INVALID_REQUEST);
            throw new CorsErrorResponseException(
                    cors, OAuthErrorException.INVALID_REQUEST, "Unmatching clients", Status.BAD_REQUEST);
        }
        try {
            event.detail(KeyEvents.REVOKED_BY, KeyEvents.CLIENT);
            new KeyRevocation(session, realm).revoke(found, event, "revoked by client " + client.getClientId());
        } catch (InvalidKeyException refused) {
            session.getTransactionManager().setRollbackOnly();
            throw new CorsErrorResponseException(
                    cors,
                    OAuthErrorException.TEMPORARILY_UNAVAILABLE,
                    refused.getMessage(),
                    Status.SERVICE_UNAVAILABLE);
        }
    }
}
