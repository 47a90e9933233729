package io.apikeys.keycloak.rest.account;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.internals.request.RequestSessions;
import io.apikeys.keycloak.internals.session.Impersonation;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.management.IssuedKey;
import io.apikeys.keycloak.management.NewKey;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.ApiKeyRepresentation;
import io.apikeys.keycloak.rest.api.JsonBody;
import io.apikeys.keycloak.rest.api.KeyRepresentations;
import io.apikeys.keycloak.rest.api.KeyRequests;
import io.apikeys.keycloak.rest.api.Page;
import io.apikeys.keycloak.session.KeySession;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.AccountRoles;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.managers.Auth;

/** A user's own keys. */
@Produces(MediaType.APPLICATION_JSON)
public final class OwnApiKeysResource {

    private static final Set<String> CREATE = Set.of("name", "expiresIn", "expiresAt", "restrictions");
    private static final Set<String> CHANGE = Set.of("name", "enabled", "expiresIn", "expiresAt", "restrictions");

    private final KeycloakSession session;
    private final Auth caller;
    private final KeyRequests requests;
    private final KeyRepresentations shown;

    public OwnApiKeysResource(KeycloakSession session, Auth caller) {
        this.session = session;
        this.caller = caller;
        HolderKeys keys = HolderKeys.ownedBy(caller.getUser(), caller.getRealm(), session);
        this.requests = new KeyRequests(KeySession.keyId(session, caller.getSession())
                .map(keys::actingFor)
                .orElse(keys));
        this.shown = new KeyRepresentations(session);
    }

    @GET
    public List<ApiKeyRepresentation> list(@QueryParam("first") String first, @QueryParam("max") String max) {
        requireRead();
        return shown.of(requests.page(Page.of(first, max)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream body) {
        requireMaking();
        NewKey asked = KeyRequests.newKey(JsonBody.read(body, CREATE));
        IssuedKey issued =
                requests.create(asked.restrictedTo(TokenRoles.of(caller).restrict(asked.restrictions())));
        success(EventType.UPDATE_CREDENTIAL, issued.credential());
        return KeyRequests.created(session, shown.of(issued.credential()).revealing(issued));
    }

    @GET
    @Path("{id}")
    public ApiKeyRepresentation get(@PathParam("id") String id) {
        requireRead();
        return shown.of(requests.find(id));
    }

    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ApiKeyRepresentation change(@PathParam("id") String id, InputStream body) {
        requireChange(EventType.UPDATE_CREDENTIAL);
        JsonBody change = JsonBody.read(body, CHANGE);
        if (Boolean.TRUE.equals(change.bool("enabled"))) {
            requireMaking();
            requireCovered(id);
        }
        ApiKeyCredentialModel changed = requests.change(id, change);
        success(EventType.UPDATE_CREDENTIAL, changed);
        return shown.of(changed);
    }

    @POST
    @Path("{id}/rotate")
    public Response rotate(@PathParam("id") String id, InputStream body) {
        requireMaking();
        requireCovered(id);
        IssuedKey issued = requests.rotate(id, JsonBody.readIfAny(body, KeyRequests.ROTATE));
        event(EventType.UPDATE_CREDENTIAL, issued.credential().getId())
                .detail(Details.CREDENTIAL_USER_LABEL, issued.credential().name())
                .detail(KeyEvents.ROTATED_ID, id)
                .success();
        return KeyRequests.rotated(session, shown.of(issued.credential()).revealing(issued));
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id) {
        requireChange(EventType.REMOVE_CREDENTIAL);
        success(EventType.REMOVE_CREDENTIAL, requests.delete(id));
    }

    private void requireRead() {
        if (!caller.hasOneOfAppRole(caller.getClient(), AccountRoles.MANAGE_ACCOUNT, AccountRoles.VIEW_PROFILE)) {
            throw ApiErrors.forbidden("The token lacks role view-profile of client account.");
        }
    }

    /** Also keeps a stolen key from making itself a successor that outlives it, or from removing its rivals. */
    private void requireChange(EventType type) {
        if (!caller.hasClientRole(caller.getClient(), AccountRoles.MANAGE_ACCOUNT)) {
            throw ApiErrors.forbidden("The token lacks role manage-account of client account.");
        }
        Optional<String> signedInWith = KeySession.keyId(session, caller.getSession());
        if (signedInWith
                .filter(keyId -> !KeySession.mayManageKeys(caller.getRealm(), caller.getUser(), keyId))
                .isPresent()) {
            event(type, signedInWith.get()).error(Errors.NOT_ALLOWED);
            throw ApiErrors.forbidden("A session that was opened with an API key cannot change API keys.");
        }
    }

    /**
     * Asks for no less than the page on which users make keys: that the realm lets them, that it is the user who acts, and
     * that they have signed in recently. To rotate a key, or to enable one that is switched off, is as much as to make one.
     */
    private void requireMaking() {
        requireChange(EventType.UPDATE_CREDENTIAL);
        RealmPolicy policy = ApiErrors.requireReadablePolicy(caller.getRealm());
        if (!policy.holdersMakeKeys()) {
            throw ApiErrors.forbidden("Only administrators make, rotate and enable API keys in this realm.");
        }
        if (Impersonation.in(caller.getSession()).isPresent()) {
            event(EventType.UPDATE_CREDENTIAL).error(Errors.NOT_ALLOWED);
            throw ApiErrors.forbidden("Nobody can make, rotate or enable API keys while impersonating a user.");
        }
        if (!hasSignedInWithin(policy.maxLoginAge())) {
            throw ApiErrors.loginTooOld(policy.maxLoginAge());
        }
    }

    private boolean hasSignedInWithin(int seconds) {
        return RequestSessions.signedInAt(caller.getSession())
                .filter(at -> at.getEpochSecond() + seconds >= Instant.now().getEpochSecond())
                .isPresent();
    }

    /** Keeps a program from getting, by a key that there is already, roles that its tokens do not show. */
    private void requireCovered(String id) {
        boolean covered = requests.find(id)
                .data()
                .map(ApiKeyCredentialData::restrictions)
                .map(TokenRoles.of(caller)::cover)
                .orElse(true);
        if (!covered) {
            throw ApiErrors.forbidden(
                    "The API key has roles that the token of this request does not show. Use a program"
                            + " that shows them, or one that the realm trusts to make keys.");
        }
    }

    private void success(EventType type, ApiKeyCredentialModel key) {
        event(type, key.getId())
                .detail(Details.CREDENTIAL_USER_LABEL, key.name())
                .success();
    }

    private EventBuilder event(EventType type, String keyId) {
        return event(type).detail(KeyEvents.KEY_ID, keyId);
    }

    private EventBuilder event(EventType type) {
        EventBuilder event = new EventBuilder(
                        caller.getRealm(), session, session.getContext().getConnection())
                .event(type)
                .client(caller.getToken().getIssuedFor())
                .user(caller.getUser())
                .session(caller.getSession())
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE);
        Impersonation.in(caller.getSession()).ifPresent(impersonation -> impersonation.describe(event));
        return event;
    }
}
