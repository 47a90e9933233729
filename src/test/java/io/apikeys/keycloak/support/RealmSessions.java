package io.apikeys.keycloak.support;

import io.apikeys.keycloak.support.TestRealm.User;
import java.net.http.HttpRequest.BodyPublishers;

/** The sessions of a test realm's users, and what an administrator does to them. */
public final class RealmSessions {

    private final TestRealm realm;

    RealmSessions(TestRealm realm) {
        this.realm = realm;
    }

    /** Returns how many sessions a user has. */
    public int count(User user) {
        return realm.admin().users().get(user.id()).getUserSessions().size();
    }

    /** Lets the administrator of the whole server act as a user, in a browser. */
    public void impersonate(User user, Browser browser) {
        browser.send(Http.request(KeycloakServer.running()
                        .uri("/admin/realms/" + realm.name() + "/users/" + user.id() + "/impersonation"))
                .header("Authorization", "Bearer " + RealmsAdministrator.tokenOfServer())
                .POST(BodyPublishers.noBody()));
    }

    /** Makes all tokens worthless that were issued before the next second. */
    public void revokeAllTokens() {
        realm.settings()
                .change(representation -> representation.setNotBefore((int) (System.currentTimeMillis() / 1000) + 1));
    }
}
