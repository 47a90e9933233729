package io.apikeys.keycloak.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.keycloak.representations.idm.RealmRepresentation;

/** The ways in which a test realm comes to be. {@link TestRealm#create} is the usual one. */
public final class NewRealm {

    /** Keycloak's own hashes would take up most of the time of the tests, which are about other things. */
    private static final String QUICK_HASHES = "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)";

    /** What every realm of a run signs with: to make a key pair for each would take a fifth of the server's time. */
    private static final String PRIVATE_KEY = privateKey();

    private NewRealm() {}

    /** Makes a realm in which users may have keys, with more than the settings of {@link TestRealm#create}. */
    static TestRealm withKeys(Consumer<RealmRepresentation> more) {
        TestRealm realm = withBuiltInFlows(newName(), more);
        realm.admin().flows().copy("browser", Map.of("newName", "with api key"));
        realm.admin().flows().addExecution("with api key", Map.of("provider", "api-key-form"));
        realm.flow("with api key").require("api-key-form", "ALTERNATIVE").bind();
        realm.registerKeys();
        return realm;
    }

    /** Makes a realm as Keycloak makes it, in which nobody has keys. */
    public static TestRealm withBuiltInFlows() {
        return withBuiltInFlows(newName());
    }

    /** Makes a realm as Keycloak makes it, with a name of one's own. */
    public static TestRealm withBuiltInFlows(String name) {
        return withBuiltInFlows(name, realm -> {});
    }

    private static TestRealm withBuiltInFlows(String name, Consumer<RealmRepresentation> more) {
        RealmRepresentation realm = new RealmRepresentation();
        realm.setRealm(name);
        realm.setEnabled(true);
        realm.setEventsEnabled(true);
        realm.setEventsListeners(List.of("jboss-logging"));
        realm.setAdminEventsEnabled(true);
        realm.setAdminEventsDetailsEnabled(true);
        realm.setInternationalizationEnabled(true);
        realm.setSupportedLocales(Set.of("en", "de"));
        realm.setDefaultLocale("en");
        realm.setPasswordPolicy(QUICK_HASHES);
        realm.setPrivateKey(PRIVATE_KEY);
        more.accept(realm);
        RealmsAdministrator.client().realms().create(realm);
        return new TestRealm(realm.getRealm());
    }

    /** Imports the project's {@code realm-export.json} under a name of its own; its client {@code dashboard} is the app. */
    public static TestRealm demo() {
        return demo(export -> export);
    }

    /** Does so with changes to the text of the file. */
    public static TestRealm demo(UnaryOperator<String> change) {
        String name = newName();
        String export;
        try {
            export = change.apply(Files.readString(Path.of("realm-export.json")))
                    .replace("\"realm\": \"demo\"", "\"realm\": \"" + name + "\"")
                    .replace("default-roles-demo", "default-roles-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpResponse<String> imported = new Http()
                .send(Http.request(KeycloakServer.running().uri("/admin/realms"))
                        .header("Authorization", "Bearer " + RealmsAdministrator.token())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(export)));
        if (imported.statusCode() != 201) {
            throw new AssertionError("The import answered " + imported.statusCode() + ": " + imported.body());
        }
        return new TestRealm(name, new App(name, "dashboard", "http://localhost:8090/login/oauth2/code/keycloak"));
    }

    /** Returns the realm of the server's administrators, to look at only. */
    public static TestRealm master() {
        return new TestRealm("master", new App("master", "admin-cli", App.REDIRECT_URI));
    }

    private static String privateKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String newName() {
        return "it-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
