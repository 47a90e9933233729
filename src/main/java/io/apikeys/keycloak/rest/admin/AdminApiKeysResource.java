package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.Authority;
import io.apikeys.keycloak.internals.rest.NewHolder;
import io.apikeys.keycloak.inventory.Inventory;
import io.apikeys.keycloak.inventory.Inventory.Entry;
import io.apikeys.keycloak.inventory.Inventory.Filter;
import io.apikeys.keycloak.inventory.KeyRecords;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.management.IssuedKey;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.ApiKeyRepresentation;
import io.apikeys.keycloak.rest.api.JsonBody;
import io.apikeys.keycloak.rest.api.KeyField;
import io.apikeys.keycloak.rest.api.KeyRepresentations;
import io.apikeys.keycloak.rest.api.KeyRequests;
import io.apikeys.keycloak.rest.api.Page;
import io.apikeys.keycloak.usage.KeyRecord;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/** The keys of all users of a realm, as far as {@link AdminAccess} permits the caller. */
@Produces(MediaType.APPLICATION_JSON)
public final class AdminApiKeysResource {

    private static final Set<String> CREATE = KeyField.ofNew(Authority.ADMINISTRATOR, "userId", "username", "user");
    private static final Set<String> CHANGE = KeyField.ofChange(Authority.ADMINISTRATOR);

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminAccess access;
    private final AdminEventBuilder adminEvent;
    private final KeyRepresentations shown;

    AdminApiKeysResource(KeycloakSession session, RealmModel realm, AdminAccess access, AdminEventBuilder adminEvent) {
        this.session = session;
        this.realm = realm;
        this.access = access;
        this.adminEvent = adminEvent;
        this.shown = new KeyRepresentations(session, realm);
    }

    @GET
    public List<ApiKeyRepresentation> list() {
        InventoryQuery query = query();
        Filter filter = permitted(query.filter());
        Page page = query.page();
        List<Entry> entries = inventory(filter).page(filter, query.order(), page.first(), page.max());
        Map<String, KeyRecord> uses =
                entries.stream().map(Entry::record).collect(Collectors.toMap(KeyRecord::getId, Function.identity()));
        List<ApiKeyRepresentation> keys =
                shown.of(entries.stream().map(Entry::key).toList(), uses);
        List<ApiKeyRepresentation> held = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Entry entry = entries.get(i);
            held.add(keys.get(i).heldBy(entry.record().getUserId(), entry.username()));
        }
        return held;
    }

    @GET
    @Path("count")
    public long count() {
        Filter filter = permitted(query().filter());
        return inventory(filter).count(filter);
    }

    /**
     * Returns the keys that the caller may view. For the keys of one user, {@link #permitted} has already checked the
     * permission.
     */
    private Inventory inventory(Filter filter) {
        return filter.userId() != null || access.seesEveryUser()
                ? new Inventory(session, realm)
                : new Inventory(session, realm, access::mayView);
    }

    private InventoryQuery query() {
        return new InventoryQuery(session.getContext().getUri().getQueryParameters());
    }

    /** Returns the same filter. Checks that the caller may view the users it selects. */
    private Filter permitted(Filter filter) {
        if (filter.userId() == null) {
            access.requireViewAll();
        } else {
            UserModel holder = access.holderWithId(filter.userId());
            access.requireView(holder);
            new KeyRecords(session).reconcile(realm, holder);
        }
        return filter;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream input) {
        JsonBody body = JsonBody.read(input, CREATE);
        UserModel holder = holderNamedIn(body);
        access.requireIssue(holder);
        IssuedKey issued = requests(holder).create(body);
        ApiKeyRepresentation key = shown(issued.credential(), holder);
        event().at(key.id()).with(key).success(OperationType.CREATE, holder, issued.credential());
        return KeyRequests.created(session, key.revealing(issued));
    }

    @GET
    @Path("{id}")
    public ApiKeyRepresentation get(@PathParam("id") String id) {
        UserModel holder = access.holderOf(id);
        access.requireView(holder);
        return shown(requests(holder).find(id), holder);
    }

    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ApiKeyRepresentation change(@PathParam("id") String id, InputStream body) {
        UserModel holder = access.holderOf(id);
        access.requireChange(holder);
        JsonBody change = JsonBody.read(body, CHANGE);
        if (KeyField.mayGiveMore(change)) {
            access.requireIssue(holder);
        }
        boolean wasEnabled = isEnabled(requests(holder).find(id));
        ApiKeyCredentialModel changed = requests(holder).change(id, change);
        ApiKeyRepresentation key = shown(changed, holder);
        event().here()
                .with(key)
                .detail(KeyEvents.DISABLED, wasEnabled && !isEnabled(changed) ? "true" : null)
                .success(OperationType.UPDATE, holder, changed);
        return key;
    }

    private static boolean isEnabled(ApiKeyCredentialModel key) {
        return key.data().filter(ApiKeyCredentialData::enabled).isPresent();
    }

    @POST
    @Path("{id}/rotate")
    public Response rotate(@PathParam("id") String id, InputStream body) {
        UserModel holder = access.holderOf(id);
        access.requireIssue(holder);
        IssuedKey issued = requests(holder).rotate(id, JsonBody.readIfAny(body, KeyRequests.ROTATE));
        ApiKeyRepresentation key = shown(issued.credential(), holder);
        event().here()
                .with(key)
                .detail(KeyEvents.ROTATED_ID, id)
                .success(OperationType.ACTION, holder, issued.credential());
        return KeyRequests.rotated(session, key.revealing(issued));
    }

    /** Revokes all keys of a user. */
    @DELETE
    public void deleteAll(
            @QueryParam("userId") @Nullable String userId, @QueryParam("reason") @Nullable String reason) {
        if (userId == null) {
            throw ApiErrors.badRequest("userId", "The user is missing: send the user's id as query parameter userId.");
        }
        RevocationReason.check(reason);
        UserModel holder = access.holderWithId(userId);
        access.requireManage(holder);
        for (ApiKeyCredentialModel key : requests(holder).deleteAll()) {
            event().at(key.getId()).detail(Details.REASON, reason).success(OperationType.DELETE, holder, key);
        }
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id, @QueryParam("reason") @Nullable String reason) {
        RevocationReason.check(reason);
        UserModel holder = access.holderOf(id);
        access.requireManage(holder);
        ApiKeyCredentialModel key = requests(holder).delete(id);
        event().here().detail(Details.REASON, reason).success(OperationType.DELETE, holder, key);
    }

    @POST
    @Path("lookup")
    @Consumes(MediaType.APPLICATION_JSON)
    public ApiKeyRepresentation lookUp(InputStream body) {
        return new FoundKeys(session, realm, access).lookUp(body);
    }

    @POST
    @Path("revoke")
    @Consumes(MediaType.APPLICATION_JSON)
    public void revoke(InputStream body) {
        new FoundKeys(session, realm, access).revoke(body, event());
    }

    @Path("import")
    public KeyImport keyImport() {
        return new KeyImport(session, realm, access, adminEvent);
    }

    private UserModel holderNamedIn(JsonBody body) {
        String userId = body.text("userId");
        String username = body.text("username");
        UserRepresentation user = body.bind("user", UserRepresentation.class);
        if (Stream.of(userId, username, user).filter(Objects::nonNull).count() != 1) {
            throw ApiErrors.badRequest("userId", "Give exactly one of userId, username and user.");
        }
        return user == null
                ? access.holderNamed(userId, username)
                : new NewHolder(session, realm, access.auth()).create(user);
    }

    private KeyRequests requests(UserModel holder) {
        return new KeyRequests(HolderKeys.administered(holder, realm, session));
    }

    private ApiKeyRepresentation shown(ApiKeyCredentialModel key, UserModel holder) {
        return shown.of(key).heldBy(holder.getId(), holder.getUsername());
    }

    private KeyAdminEvent event() {
        return new KeyAdminEvent(session, adminEvent);
    }
}
