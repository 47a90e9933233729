package io.apikeys.keycloak.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The classes of the distribution that the tests run on, with this extension's. */
public final class ServerClasses {

    private final URLClassLoader loader;

    private ServerClasses(URL[] jars) {
        this.loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader());
    }

    public static ServerClasses ofDistribution() {
        Path libraries = Path.of(KeycloakServer.required("keycloak.home"), "lib", "lib", "main");
        Path extension = Path.of(KeycloakServer.required("keycloak.extension.jar"));
        try (Stream<Path> jars = Files.list(libraries)) {
            return new ServerClasses(Stream.concat(jars, Stream.of(extension))
                    .map(ServerClasses::url)
                    .toArray(URL[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name, false, loader);
    }

    /** Returns the names of Keycloak's own providers of a kind, from the service files. */
    public Set<String> providers(String factory) throws IOException {
        Set<String> names = new TreeSet<>();
        for (URL file : Collections.list(loader.getResources("META-INF/services/" + factory))) {
            try (var content = file.openStream()) {
                new String(content.readAllBytes(), UTF_8)
                        .lines()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(line -> line.startsWith("org.keycloak."))
                        .forEach(names::add);
            }
        }
        return names;
    }
}
