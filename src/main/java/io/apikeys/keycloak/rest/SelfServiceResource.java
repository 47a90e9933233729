package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import io.apikeys.keycloak.credential.IssuedKey;
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
public final class SelfServiceResource {

    private static final Set<String> CREATE = Set.of("name", "expiresIn", "expiresAt", "restrictions");
    private static final Set<String> CHANGE = Set.of("name", "enabled", "restrictions");

    private final KeycloakSession session;
    private final Auth caller;
    private final KeyRequests requests;
    private final Shown shown;

    SelfServiceResource(KeycloakSession session, Auth caller) {
        this.session = session;
        this.caller = caller;
        this.requests = new KeyRequests(HolderKeys.ownedBy(caller.getUser(), caller.getRealm(), session));
        this.shown = new Shown(session);
    }

    @GET
    public List<ApiKeyRepresentation> list(@QueryParam("first") String first, @QueryParam("max") String max) {
        requireRead();
        return shown.of(requests.page(Page.of(first, max)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream body) {
        requireChange(EventType.UPDATE_CREDENTIAL);
        IssuedKey issued = requests.create(JsonBody.read(body, CREATE));
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
        ApiKeyCredentialModel changed = requests.change(id, JsonBody.read(body, CHANGE));
        success(EventType.UPDATE_CREDENTIAL, changed);
        return shown.of(changed);
    }

    @POST
    @Path("{id}/rotate")
    public Response rotate(@PathParam("id") String id, InputStream body) {
        requireChange(EventType.UPDATE_CREDENTIAL);
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
            throw Refused.forbidden("The token lacks role view-profile of client account.");
        }
    }

    /** Also keeps a stolen key from making itself a successor that outlives it, or from removing its rivals. */
    private void requireChange(EventType type) {
        if (!caller.hasClientRole(caller.getClient(), AccountRoles.MANAGE_ACCOUNT)) {
            throw Refused.forbidden("The token lacks role manage-account of client account.");
        }
        Optional<String> signedInWith = KeySession.keyId(session, caller.getSession());
        if (signedInWith
                .filter(keyId -> !KeySession.mayManageKeys(caller.getRealm(), caller.getUser(), keyId))
                .isPresent()) {
            event(type, signedInWith.get()).error(Errors.NOT_ALLOWED);
            throw Refused.forbidden("A session that was opened with an API key cannot change API keys.");
        }
    }

    private void success(EventType type, ApiKeyCredentialModel key) {
        event(type, key.getId())
                .detail(Details.CREDENTIAL_USER_LABEL, key.name())
                .success();
    }

    private EventBuilder event(EventType type, String keyId) {
        return new EventBuilder(caller.getRealm(), session, session.getContext().getConnection())
                .event(type)
                .client(caller.getToken().getIssuedFor())
                .user(caller.getUser())
                .session(caller.getSession())
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(KeyEvents.KEY_ID, keyId);
    }
}
