package io.apikeys.keycloak.rest.account;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.internals.session.Impersonation;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.management.IssuedKey;
import io.apikeys.keycloak.management.KeySettings;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.ApiKeyRepresentation;
import io.apikeys.keycloak.rest.api.JsonBody;
import io.apikeys.keycloak.rest.api.KeyField;
import io.apikeys.keycloak.rest.api.KeyRepresentations;
import io.apikeys.keycloak.rest.api.KeyRequests;
import io.apikeys.keycloak.rest.api.Page;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.restriction.StoredRestrictions;
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
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.managers.Auth;

/** A user's own keys. */
@Produces(MediaType.APPLICATION_JSON)
public final class OwnApiKeysResource {

    private static final Set<String> CREATE = KeyField.ofNew(Authority.HOLDER);
    private static final Set<String> CHANGE = KeyField.ofChange(Authority.HOLDER);

    private final KeycloakSession session;
    private final Auth caller;
    private final CallerRights rights;
    private final KeyRequests requests;
    private final KeyRepresentations shown;

    public OwnApiKeysResource(KeycloakSession session, Auth caller) {
        this.session = session;
        this.caller = caller;
        this.rights = new CallerRights(session, caller);
        HolderKeys keys = HolderKeys.ownedBy(caller.getUser(), caller.getRealm(), session);
        this.requests =
                new KeyRequests(rights.actingKeyId().map(keys::actingFor).orElse(keys));
        this.shown = new KeyRepresentations(session, caller.getRealm());
    }

    @GET
    public List<ApiKeyRepresentation> list(
            @QueryParam("first") @Nullable String first, @QueryParam("max") @Nullable String max) {
        requireRead();
        return shown.of(requests.page(Page.of(first, max)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream body) {
        requireMaking();
        KeySettings asked = KeyRequests.settings(JsonBody.read(body, CREATE));
        Restrictions restrictions = TokenRoles.of(caller).restrict(present(asked.initialRestrictions()));
        IssuedKey issued = requests.create(asked.restrictedTo(StoredRestrictions.naming(restrictions)));
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
        KeyEvents.describe(event(EventType.UPDATE_CREDENTIAL), issued.credential())
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
        CallerRights.requireRead(caller);
    }

    private void requireChange(EventType type) {
        rights.obstacleToChange().ifPresent(obstacle -> refuse(type, obstacle));
    }

    private void requireMaking() {
        requireChange(EventType.UPDATE_CREDENTIAL);
        ApiErrors.requireReadablePolicy(caller.getRealm());
        rights.obstacleToMake().ifPresent(obstacle -> refuse(EventType.UPDATE_CREDENTIAL, obstacle));
        if (!rights.isLoginRecent()) {
            throw ApiErrors.loginTooOld(rights.maxLoginAge());
        }
    }

    private void refuse(EventType type, Obstacle obstacle) {
        if (obstacle.isNoted()) {
            EventBuilder event = event(type);
            rights.actingKeyId().ifPresent(keyId -> event.detail(KeyEvents.KEY_ID, keyId));
            event.error(Errors.NOT_ALLOWED);
        }
        throw ApiErrors.forbidden(obstacle.message());
    }

    /** Keeps a program from getting, by a key that there is already, roles that its tokens do not show. */
    private void requireCovered(String id) {
        boolean covered = requests.find(id)
                .data()
                .map(ApiKeyCredentialData::restrictions)
                .map(this::present)
                .map(TokenRoles.of(caller)::cover)
                .orElse(true);
        if (!covered) {
            throw ApiErrors.forbidden(
                    "The API key has roles that the token of this request does not show. Use a program"
                            + " that shows them, or one that the realm trusts to make keys.");
        }
    }

    private Restrictions present(StoredRestrictions restrictions) {
        return restrictions.in(session, caller.getRealm());
    }

    private void success(EventType type, ApiKeyCredentialModel key) {
        KeyEvents.describe(event(type), key).success();
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
