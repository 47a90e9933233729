package io.apikeys.keycloak.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A request as it goes over the wire, with what an HTTP client would not send. */
public final class RawRequest {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final String method;
    private final String path;
    private final List<String> headers = new ArrayList<>();
    private byte[] body = {};
    private String from = "127.0.0.1";

    public RawRequest(String method, String path) {
        this.method = method;
        this.path = path;
    }

    public RawRequest header(String name, String value) {
        headers.add(name + ": " + value);
        return this;
    }

    /** Sends it from one of this machine's addresses. */
    public RawRequest from(String address) {
        this.from = address;
        return this;
    }

    /** Sent as it is, whatever the headers say of it. */
    public RawRequest body(byte[] bytes) {
        this.body = bytes;
        return this;
    }

    /** In one chunk that is never ended. */
    public RawRequest endlessChunk(int size) {
        header("Transfer-Encoding", "chunked");
        byte[] start = (Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = new byte[start.length + size];
        Arrays.fill(chunk, (byte) 'x');
        System.arraycopy(start, 0, chunk, 0, start.length);
        return body(chunk);
    }

    /** Sends it and waits for the status, but not for the rest of the answer. */
    public int status() {
        URI server = URI.create(KeycloakServer.running().url());
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n"
                + String.join("\r\n", headers) + (headers.isEmpty() ? "" : "\r\n") + "\r\n";
        try (Socket socket = new Socket()) {
            if (!from.equals("127.0.0.1")) {
                socket.bind(new InetSocketAddress(from, 0));
            }
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            if (line == null) {
                throw new AssertionError(method + " " + path + ": the server closed the connection without an answer");
            }
            return Integer.parseInt(line.split(" ", 3)[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
