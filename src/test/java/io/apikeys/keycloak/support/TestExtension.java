package io.apikeys.keycloak.support;

import io.apikeys.keycloak.support.extension.EmptyResource;
import io.apikeys.keycloak.support.extension.PolicyWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** A second extension in the server of the tests, which does what no endpoint of Keycloak lets anybody do. */
final class TestExtension {

    private static final List<Class<?>> FACTORIES = List.of(PolicyWriter.class, EmptyResource.class);

    private static final List<Class<?>> CLASSES =
            List.of(PolicyWriter.class, PolicyWriter.Resource.class, EmptyResource.class, EmptyResource.Resource.class);

    private TestExtension() {}

    /** Writes its jar. */
    static Path writeTo(Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file)) {
            for (Class<?> each : CLASSES) {
                String name = each.getName().replace('.', '/') + ".class";
                try (var content = each.getClassLoader().getResourceAsStream(name)) {
                    write(entries, name, content.readAllBytes());
                }
            }
            write(entries, "META-INF/beans.xml", new byte[0]);
            write(
                    entries,
                    "META-INF/services/" + RealmResourceProviderFactory.class.getName(),
                    FACTORIES.stream()
                            .map(Class::getName)
                            .collect(Collectors.joining("\n"))
                            .getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static void write(JarOutputStream entries, String name, byte[] content) throws IOException {
        entries.putNextEntry(new JarEntry(name));
        entries.write(content);
        entries.closeEntry();
    }
}
