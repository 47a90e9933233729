package io.apikeys.keycloak.support;

import java.util.Map;
import java.util.function.Consumer;
import org.keycloak.representations.idm.RealmRepresentation;

/** The settings of a test realm that an administrator finds under "Realm settings". */
public final class RealmSettings {

    private final TestRealm realm;
    private boolean fineGrained;

    RealmSettings(TestRealm realm) {
        this.realm = realm;
    }

    void change(Consumer<RealmRepresentation> change) {
        RealmRepresentation representation = realm.admin().toRepresentation();
        change.accept(representation);
        realm.admin().update(representation);
    }

    /** Switches the realm's SCIM API on, where the server has one. */
    public void enableScim() {
        Rest.with(RealmsAdministrator.token())
                .put("/admin/realms/" + realm.name(), Map.of("realm", realm.name(), "scimApiEnabled", true));
    }

    /** Has the realm send its e-mails to a mail server without TLS or login. */
    public void sendMailTo(String host, int port) {
        change(representation ->
                representation.setSmtpServer(Map.of("host", host, "port", "" + port, "from", "keycloak@example.org")));
    }

    /** Names the levels of authentication that clients ask for, as JSON. */
    public void mapLevels(String levels) {
        change(representation -> representation.getAttributes().put("acr.loa.map", levels));
    }

    /** Has the realm take nothing over plain HTTP, not even from this machine. */
    public void requireHttps() {
        change(representation -> representation.setSslRequired("all"));
    }

    /** Protects the realm against guessed passwords: three wrong ones lock a user for a while. */
    public void lockAfterWrongPasswords() {
        change(representation -> {
            representation.setBruteForceProtected(true);
            representation.setFailureFactor(3);
            representation.setWaitIncrementSeconds(600);
        });
    }

    /** Turns fine-grained admin permissions on. Only an administrator of the whole server can grant them to others. */
    public FineGrainedPermissions turnFineGrainedPermissionsOn() {
        fineGrained = true;
        change(representation -> representation.setAdminPermissionsEnabled(true));
        return new FineGrainedPermissions(realm.wholly()
                .clients()
                .get(realm.clients().client("admin-permissions").getId())
                .authorization());
    }

    boolean haveFineGrainedPermissions() {
        return fineGrained;
    }
}
