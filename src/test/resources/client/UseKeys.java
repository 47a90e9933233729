import java.net.http.HttpRequest;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.AdministrationApi;
import org.openapitools.client.api.KeysThemselvesApi;
import org.openapitools.client.api.OwnKeysApi;
import org.openapitools.client.model.ApiKey;
import org.openapitools.client.model.HeldApiKey;
import org.openapitools.client.model.HeldApiKeyChange;
import org.openapitools.client.model.IssuedApiKey;
import org.openapitools.client.model.IssuedHeldApiKey;
import org.openapitools.client.model.NewApiKey;
import org.openapitools.client.model.NewHeldApiKey;
import org.openapitools.client.model.Reason;
import org.openapitools.client.model.RestrictionsPatch;
import org.openapitools.client.model.Rotation;

/** Uses the client that OpenAPI Generator makes of docs/openapi.yaml. */
public final class UseKeys {

    private final String url;
    private final String realm;

    private UseKeys(String url, String realm) {
        this.url = url;
        this.realm = realm;
    }

    /** Takes the server, a realm, the access token of an administrator, and that of a user with the name. */
    public static void main(String[] args) throws ApiException {
        UseKeys use = new UseKeys(args[0], args[1]);
        use.asAdministrator(args[2], args[4]);
        use.asHolder(args[3]);
    }

    private void asAdministrator(String token, String username) throws ApiException {
        AdministrationApi keys = new AdministrationApi(client(request -> request.header("Authorization", "Bearer " + token)));
        IssuedHeldApiKey made = keys.createKey(
                realm,
                new NewHeldApiKey()
                        .username(username)
                        .name("laptop")
                        .expiresAt(null)
                        .restrictions(new RestrictionsPatch().clients(List.of("account"))));
        require(made.getExpiresAt() == null && made.getLastUsedAt() == null, "a key without an end that was never used");
        List<HeldApiKey> listed = keys.listKeys(
                realm, made.getUserId(), null, null, null, null, null, null, null, null, "-createdAt");
        require(listed.size() == 1 && listed.get(0).getRestrictions().getClients().contains("account"), "a restricted key");

        HeldApiKey changed = keys.changeKey(realm, made.getId(), new HeldApiKeyChange().restrictions(null).metadata(Map.of("team", "a")));
        require(changed.getRestrictions() == null && changed.getMetadata().get("team").equals("a"), "a key without restrictions");
        check(made.getKey(), 200);

        IssuedHeldApiKey rotated = keys.rotateKey(realm, made.getId(), new Rotation().expiresIn(3600));
        require(rotated.getExpiresAt().isAfter(OffsetDateTime.now()), "a key that ends");
        check(made.getKey(), 401);
        check(rotated.getKey(), 200);

        keys.revokeKey(realm, rotated.getId(), Reason.UNUSED);
        check(rotated.getKey(), 401);
        require(keys.countKeys(realm, made.getUserId(), null, null, null, null, null, null) == 0, "no keys");
        try {
            keys.createKey(realm, new NewHeldApiKey().username(username).name(" "));
            throw new IllegalStateException("A key without a name was made.");
        } catch (ApiException refused) {
            require(refused.getCode() == 400 && refused.getResponseBody().contains("\"name\""), "the field that is wrong");
        }
    }

    private void asHolder(String token) throws ApiException {
        OwnKeysApi keys = new OwnKeysApi(client(request -> request.header("Authorization", "Bearer " + token)));
        IssuedApiKey made = keys.createOwnKey(realm, new NewApiKey().name("laptop").expiresIn(3600));
        IssuedApiKey rotated = keys.rotateOwnKey(realm, made.getId(), new Rotation());
        List<ApiKey> listed = keys.listOwnKeys(realm, null, null);
        require(listed.size() == 1 && listed.get(0).getId().equals(rotated.getId()), "the new key alone");
        check(rotated.getKey(), 200);
        keys.revokeOwnKey(realm, rotated.getId());
        check(rotated.getKey(), 401);
    }

    private void check(String key, int expected) throws ApiException {
        int status = 200;
        try {
            new KeysThemselvesApi(client(request -> request.header("X-API-Key", key))).checkKey(realm, null, List.of("email"), null);
        } catch (ApiException refused) {
            status = refused.getCode();
        }
        require(status == expected, "the status " + expected + " instead of " + status);
    }

    private ApiClient client(Consumer<HttpRequest.Builder> credentials) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(credentials);
        return client;
    }

    private static void require(boolean met, String what) {
        if (!met) {
            throw new IllegalStateException("There should be " + what + ".");
        }
    }
}
