package io.apikeys.keycloak.demo;

import io.apikeys.keycloak.support.KeycloakServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Where a program of the demo listens, on loopback. */
record DemoPort(String property, int number) {

    static DemoPort of(String property) {
        String value = KeycloakServer.required(property);
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65535) {
            throw new DemoException("-D" + property + "=" + value + " is no port.");
        }
        return new DemoPort(property, Integer.parseInt(value));
    }

    void requireFree() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
        } catch (BindException taken) {
            throw new DemoException(
                    "Port " + number + " is taken. Is the demo running already? Stop what uses the port,"
                            + " or choose another with -D" + property + "=<port>.");
        }
    }
}
