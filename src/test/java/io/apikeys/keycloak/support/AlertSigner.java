package io.apikeys.keycloak.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Signs alerts as GitHub does, and publishes the keys that it signs with. */
public final class AlertSigner implements AutoCloseable {

    public static final String CURRENT = "current";
    public static final String REPLACED = "replaced";

    private static final String PATH = "/realms/{realm}/api-keys/alerts/github";

    private final Map<String, KeyPair> keys = Map.of(CURRENT, keyPair(), REPLACED, keyPair());
    private final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer server;

    public AlertSigner() throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(KeycloakServer.running().reachableAddress(), 0), 0);
        server.createContext("/", exchange -> {
            fetches.incrementAndGet();
            byte[] published = Json.write(Map.of("public_keys", published())).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, published.length);
            exchange.getResponseBody().write(published);
            exchange.close();
        });
        server.start();
    }

    private List<Map<String, Object>> published() {
        List<Map<String, Object>> published = new ArrayList<>();
        keys.forEach((identifier, pair) -> published.add(Map.of(
                "key_identifier",
                identifier,
                "key",
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n",
                "is_current",
                identifier.equals(CURRENT))));
        return published;
    }

    /** The address of the published keys. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/meta/public_keys/secret_scanning";
    }

    /** How often the keys were fetched. */
    public int fetches() {
        return fetches.get();
    }

    public HttpResponse<String> report(TestRealm realm, String body) {
        return report(realm, body, CURRENT, sign(CURRENT, body));
    }

    /** Sends an alert with any signature; null for none. */
    public HttpResponse<String> report(TestRealm realm, String body, String keyIdentifier, String signature) {
        HttpRequest.Builder request = Http.request(KeycloakServer.running().uri(PATH.replace("{realm}", realm.name())))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (keyIdentifier != null) {
            request.header("Github-Public-Key-Identifier", keyIdentifier);
        }
        if (signature != null) {
            request.header("Github-Public-Key-Signature", signature);
        }
        HttpResponse<String> response = new Http().send(request);
        Contract.check("POST", PATH, null, response);
        return response;
    }

    public String sign(String keyIdentifier, String body) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.get(keyIdentifier).getPrivate());
            signature.update(body.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
