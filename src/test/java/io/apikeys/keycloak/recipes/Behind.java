package io.apikeys.keycloak.recipes;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** The program behind a gateway: it remembers the headers that came with the last request, and has a page, or files. */
record Behind(HttpServer server, AtomicReference<Headers> seen) implements AutoCloseable {

    static Behind start() throws IOException {
        return start(exchange -> ("<title>Reports</title><p>For "
                        + exchange.getRequestHeaders().getFirst("X-User") + "</p>")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Starts one with the files in a directory. */
    static Behind serving(Path directory) throws IOException {
        return start(exchange -> {
            Path file = directory.resolve(exchange.getRequestURI().getPath().substring(1));
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        });
    }

    private interface Content {
        /** Null if there is nothing at this address. */
        byte[] of(HttpExchange exchange) throws IOException;
    }

    private static Behind start(Content content) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicReference<Headers> seen = new AtomicReference<>(new Headers());
        server.createContext("/", exchange -> {
            seen.set(exchange.getRequestHeaders());
            byte[] page = content.of(exchange);
            if (page == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
            exchange.close();
        });
        server.start();
        return new Behind(server, seen);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Null if the last request did not have it. */
    String header(String name) {
        return seen.get().getFirst(name);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
