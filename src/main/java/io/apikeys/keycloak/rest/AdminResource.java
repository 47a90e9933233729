package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderKeys;
import io.apikeys.keycloak.credential.IssuedKey;
import io.apikeys.keycloak.credential.KeyTable;
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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.events.Details;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.services.resources.admin.fgap.UserPermissionEvaluator;

/**
 * The keys of any user of a realm. Who may view a user may see their keys, who may manage a user may change them; to
 * make one also takes what setting a password takes, because both let the administrator sign in as that user.
 */
@Produces(MediaType.APPLICATION_JSON)
public final class AdminResource {

    private static final Set<String> CREATE =
            Set.of("userId", "username", "user", "name", "expiresIn", "expiresAt", "restrictions");
    private static final Set<String> CHANGE = Set.of("name", "enabled", "restrictions");

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminPermissionEvaluator auth;
    private final UserPermissionEvaluator permissions;
    private final AdminEventBuilder adminEvent;

    AdminResource(
            KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth, AdminEventBuilder adminEvent) {
        this.session = session;
        this.realm = realm;
        this.auth = auth;
        this.permissions = auth.users();
        this.adminEvent = adminEvent.resource("API_KEY");
    }

    @GET
    public List<ApiKeyRepresentation> list(
            @QueryParam("userId") String userId, @QueryParam("first") String first, @QueryParam("max") String max) {
        UserModel holder = holderWithId(userId);
        requireView(holder);
        return requests(holder).page(first, max).stream()
                .map(key -> shown(key, holder))
                .toList();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream input) {
        JsonBody body = JsonBody.read(input, CREATE);
        UserModel holder = holderNamedIn(body);
        requireIssue(holder);
        IssuedKey issued = requests(holder).create(body);
        ApiKeyRepresentation key = shown(issued.credential(), holder);
        success(
                OperationType.CREATE,
                adminEvent.resourcePath(session.getContext().getUri(), key.id()).representation(key),
                holder,
                issued.credential());
        return KeyRequests.created(session, key.revealing(issued));
    }

    @GET
    @Path("{id}")
    public ApiKeyRepresentation get(@PathParam("id") String id) {
        UserModel holder = holderOf(id);
        requireView(holder);
        return shown(requests(holder).find(id), holder);
    }

    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ApiKeyRepresentation change(@PathParam("id") String id, InputStream body) {
        UserModel holder = holderOf(id);
        requireManage(holder);
        ApiKeyCredentialModel changed = requests(holder).change(id, JsonBody.read(body, CHANGE));
        ApiKeyRepresentation key = shown(changed, holder);
        success(
                OperationType.UPDATE,
                adminEvent.resourcePath(session.getContext().getUri()).representation(key),
                holder,
                changed);
        return key;
    }

    @POST
    @Path("{id}/rotate")
    public Response rotate(@PathParam("id") String id, InputStream body) {
        UserModel holder = holderOf(id);
        requireIssue(holder);
        IssuedKey issued = requests(holder).rotate(id, JsonBody.readIfAny(body, KeyRequests.ROTATE));
        ApiKeyRepresentation key = shown(issued.credential(), holder);
        success(
                OperationType.ACTION,
                adminEvent
                        .resourcePath(session.getContext().getUri())
                        .representation(key)
                        .detail(KeyEvents.ROTATED_ID, id),
                holder,
                issued.credential());
        return KeyRequests.rotated(session, key.revealing(issued));
    }

    /** Revokes all keys of a user. */
    @DELETE
    public void deleteAll(@QueryParam("userId") String userId) {
        UserModel holder = holderWithId(userId);
        requireManage(holder);
        KeyRequests requests = requests(holder);
        List<ApiKeyRepresentation> revoked =
                requests.all().stream().map(key -> shown(key, holder)).toList();
        revoked.forEach(key -> requests.delete(key.id()));
        adminEvent
                .operation(OperationType.DELETE)
                .resourcePath(session.getContext().getUri())
                .representation(revoked)
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(KeyEvents.HOLDER_ID, holder.getId())
                .success();
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id) {
        UserModel holder = holderOf(id);
        requireManage(holder);
        success(
                OperationType.DELETE,
                adminEvent.resourcePath(session.getContext().getUri()),
                holder,
                requests(holder).delete(id));
    }

    private UserModel holderWithId(String userId) {
        if (userId == null) {
            throw Refused.badRequest("userId", "Whose keys? The id of a user is needed.");
        }
        UserModel holder = session.users().getUserById(realm, userId);
        requireKnown(holder, Refused.notFound("There is no such user."));
        return holder;
    }

    private UserModel holderNamedIn(JsonBody body) {
        String userId = body.text("userId");
        String username = body.text("username");
        UserRepresentation user = body.bind("user", UserRepresentation.class);
        if (Stream.of(userId, username, user).filter(Objects::nonNull).count() != 1) {
            throw Refused.badRequest("userId", "Give one of userId, username and user.");
        }
        if (user != null) {
            return new NewHolder(session, realm, auth).create(user);
        }
        UserModel holder = userId != null
                ? session.users().getUserById(realm, userId)
                : session.users().getUserByUsername(realm, username);
        requireKnown(holder, Refused.badRequest(userId != null ? "userId" : "username", "There is no such user."));
        return holder;
    }

    private UserModel holderOf(String keyId) {
        UserModel holder = new KeyTable(session)
                .holderId(realm, keyId)
                .map(userId -> session.users().getUserById(realm, userId))
                .orElse(null);
        requireKnown(holder, Refused.notFound("There is no such API key."));
        return holder;
    }

    /** Tells what does not exist only to who may look for users, as Keycloak's {@code UsersResource} does. */
    private void requireKnown(UserModel holder, ErrorResponseException otherwise) {
        if (holder == null) {
            throw permissions.canQuery() ? otherwise : Refused.forbidden("You may not view users.");
        }
    }

    private void requireView(UserModel holder) {
        if (!permissions.canView(holder)) {
            throw Refused.forbidden("You may not view this user.");
        }
    }

    private void requireManage(UserModel holder) {
        if (!permissions.canManage(holder)) {
            throw Refused.forbidden("You may not manage this user.");
        }
    }

    private void requireIssue(UserModel holder) {
        requireManage(holder);
        if (!permissions.canResetPassword(holder)) {
            throw Refused.forbidden("You may not set credentials of this user.");
        }
    }

    private KeyRequests requests(UserModel holder) {
        return new KeyRequests(HolderKeys.administered(holder, realm, session));
    }

    private static ApiKeyRepresentation shown(ApiKeyCredentialModel key, UserModel holder) {
        return ApiKeyRepresentation.of(key).heldBy(holder);
    }

    private static void success(
            OperationType operation, AdminEventBuilder event, UserModel holder, ApiKeyCredentialModel key) {
        event.operation(operation)
                .detail(Details.CREDENTIAL_TYPE, ApiKeyCredentialModel.TYPE)
                .detail(Details.CREDENTIAL_USER_LABEL, key.name())
                .detail(KeyEvents.KEY_ID, key.getId())
                .detail(KeyEvents.HOLDER_ID, holder.getId())
                .success();
    }
}
