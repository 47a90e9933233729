package io.apikeys.keycloak.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.TestRealm.User;

/** Keycloak's Account API, which the Account Console calls, as one user uses it. */
public record AccountApi(TestRealm realm, User user) {

    /** Returns what the Account Console knows of the user's keys, and of how to make one. */
    public JsonNode keys() {
        Rest.Answer answer = rest().get(path() + "?type=api-key");
        if (answer.status() != 200 || !answer.body().isArray()) {
            throw new AssertionError("No credentials are listed: " + answer);
        }
        return answer.body().path(0);
    }

    /** Deletes one of the user's credentials. */
    public void deleteCredential(String id) {
        int status = rest().status("DELETE", path() + "/" + id);
        if (status != 204) {
            throw new AssertionError("Deleting a credential answered " + status);
        }
    }

    private Rest rest() {
        return Rest.with(
                realm.app().passwordGrant(user.username(), TestRealm.PASSWORD).access());
    }

    private String path() {
        return "/realms/" + realm.name() + "/account/credentials";
    }
}
