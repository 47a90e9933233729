package io.apikeys.keycloak.support;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.keycloak.representations.idm.ClientRepresentation;

/** The back channel of the client {@code app}: hears which sessions have ended (OpenID Connect Back-Channel Logout 1.0). */
public final class BackchannelLogouts implements AutoCloseable {

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private BackchannelLogouts(HttpServer server) {
        this.server = server;
        server.createContext("/", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String token = form.substring(form.indexOf("logout_token=") + "logout_token=".length());
            String claims =
                    new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
            received.add(Json.read(claims).path("sid").textValue());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    public static BackchannelLogouts of(TestRealm realm) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(KeycloakServer.running().reachableAddress(), 0), 0);
        ClientRepresentation app = realm.clients().client("app");
        app.getAttributes()
                .put(
                        "backchannel.logout.url",
                        "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                                + server.getAddress().getPort());
        app.getAttributes().put("backchannel.logout.session.required", "true");
        realm.admin().clients().get(app.getId()).update(app);
        return new BackchannelLogouts(server);
    }

    /** The ids of the sessions that ended, in order. */
    public List<String> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
