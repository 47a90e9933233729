package io.apikeys.keycloak.gate;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The endpoints of a Keycloak distribution, read from the annotations of its classes: all features included, and without those
 * that take part in no other way than by a service file.
 */
final class KeycloakRoutes {

    private static final String PATH = "jakarta.ws.rs.Path";

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");

    private final JavaClasses classes;
    private final Set<String> routes = new TreeSet<>();
    private final Set<String> reached = new TreeSet<>();

    /**
     * @param home of the unpacked distribution
     * @param mounts paths of resource classes that no other resource class names as a type, because Keycloak finds them among
     *     its providers
     */
    KeycloakRoutes(Path home, Map<String, String> mounts) {
        classes = new ClassFileImporter().importUrls(jars(home.resolve("lib/lib/main")));
        classes.stream()
                .filter(each -> each.isAnnotatedWith(PATH) && !each.isInterface())
                .forEach(root -> walk(root, pathOf(root).orElseThrow(), List.of()));
        mounts.forEach((name, path) -> {
            if (classes.contain(name)) {
                walk(classes.get(name), path, List.of());
            }
        });
    }

    private static List<URL> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("org.keycloak."))
                    .map(KeycloakRoutes::url)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path jar) {
        try {
            return new URL("jar:" + jar.toUri() + "!/");
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Returns every endpoint as {@code METHOD path}, with path parameters as they are declared. */
    Set<String> routes() {
        return routes;
    }

    /** Returns the names of classes that have endpoints and are at no known path. */
    Set<String> withoutPath() {
        return classes.stream()
                .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT)
                        && each.getMethods().stream().anyMatch(KeycloakRoutes::isEndpoint))
                .map(JavaClass::getName)
                .filter(name -> !reached.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void walk(JavaClass resource, String path, List<JavaClass> above) {
        if (above.contains(resource)) {
            return;
        }
        reached.add(resource.getName());
        List<JavaClass> below = new ArrayList<>(above);
        below.add(resource);
        for (JavaMethod method : annotated(resource)) {
            String at = path + "/" + pathOf(method).orElse("");
            if (isEndpoint(method)) {
                routes.add(httpMethod(method) + " " + at.replaceAll("/+", "/").replaceAll("/$", ""));
            } else if (pathOf(method).isPresent()) {
                locate(method, at, below);
            }
        }
    }

    /** Walks what a sub-resource locator may return; what it declares as an interface or {@code Object} only by its path. */
    private void locate(JavaMethod locator, String path, List<JavaClass> above) {
        JavaClass type = locator.getRawReturnType();
        if (type.getName().equals(Object.class.getName())) {
            routes.add("ANY " + path.replaceAll("/+", "/"));
            return;
        }
        if (classes.contain(type.getName())) {
            walk(type, path, above);
            type.getAllSubclasses().forEach(each -> walk(each, path, above));
        }
    }

    /** Returns the annotated methods of a class, inherited ones included. */
    private static List<JavaMethod> annotated(JavaClass resource) {
        Set<JavaClass> types = new java.util.LinkedHashSet<>();
        types.add(resource);
        types.addAll(resource.getAllRawSuperclasses());
        types.addAll(resource.getAllRawInterfaces());
        return types.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> isEndpoint(method) || pathOf(method).isPresent())
                .toList();
    }

    private static boolean isEndpoint(JavaMethod method) {
        return httpMethod(method) != null;
    }

    private static String httpMethod(JavaMethod method) {
        return METHODS.stream()
                .filter(name -> method.getAnnotations().stream()
                        .anyMatch(annotation ->
                                annotation.getRawType().getSimpleName().equals(name)))
                .findFirst()
                .orElse(null);
    }

    private static Optional<String> pathOf(JavaClass resource) {
        return resource.tryGetAnnotationOfType(PATH)
                .flatMap(annotation -> annotation.get("value"))
                .map(Object::toString);
    }

    private static Optional<String> pathOf(JavaMethod method) {
        return method.tryGetAnnotationOfType(PATH)
                .flatMap(annotation -> annotation.get("value"))
                .map(Object::toString);
    }
}
