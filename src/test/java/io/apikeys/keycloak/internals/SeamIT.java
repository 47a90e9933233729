package io.apikeys.keycloak.internals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.support.ServerClasses;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the extension leans on in Keycloak, compared with the classes of the server that the tests run on: not those that it is
 * compiled against. Whatever a new Keycloak adds makes a test fail, until somebody has decided about it in {@code seam/*.txt}.
 */
@EnabledIfSystemProperty(
        named = "keycloak.runtime",
        matches = "distribution",
        disabledReason = "Only a distribution has its classes where the tests can read them.")
class SeamIT {

    private static final Path RESOURCES = Path.of("src", "test", "resources", "seam");

    private final ServerClasses server = ServerClasses.ofDistribution();

    static List<String> kinds() throws IOException {
        return List.copyOf(providers().keySet());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyProviderThatKeycloakBringsIsDecidedAbout(String kind) throws IOException {
        assertThat(server.providers(kind))
                .as("A provider that is not in seam/providers.txt may let a key do more than it was made for")
                .isNotEmpty()
                .isSubsetOf(providers().get(kind).keySet());
    }

    @Test
    void everyMethodOfTheTokenManagerIsDecidedAbout() throws Exception {
        Map<String, String> decided = decisions(Files.readAllLines(RESOURCES.resolve("token-manager.txt"), UTF_8));
        Class<?> keycloaks = server.load("org.keycloak.protocol.oidc.TokenManager");
        Class<?> ours = server.load("io.apikeys.keycloak.internals.token.KeyTokenManager");

        assertThat(methods(keycloaks)).isNotEmpty().isSubsetOf(decided.keySet());
        assertThat(decided.keySet().stream()
                        .filter(method -> !decided.get(method).startsWith("exempt")))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(Arrays.stream(keycloaks.getDeclaredMethods())
                                .filter(declared -> declared.getName().equals(method) && isForOthers(declared))
                                .filter(declared -> !isDeclared(ours, declared)
                                        && !declared.getName().equals("transformUserInfoAccessToken")
                                        && !declared.isAnnotationPresent(Deprecated.class)))
                        .as("KeyTokenManager overrides every %s", method)
                        .isEmpty());
    }

    /** A default method that is not passed on would answer past the model behind. */
    @ParameterizedTest
    @CsvSource({
        "io.apikeys.keycloak.holder.NarrowableUser,         org.keycloak.models.UserModel",
        "io.apikeys.keycloak.holder.RolelessGroup,          org.keycloak.models.GroupModel",
        "io.apikeys.keycloak.holder.FlatRole,               org.keycloak.models.RoleModel",
        "io.apikeys.keycloak.holder.GuardedCredentials,     org.keycloak.models.SubjectCredentialManager",
        "io.apikeys.keycloak.internals.token.NarrowedContext, org.keycloak.models.ClientSessionContext",
    })
    void everyMethodOfAModelIsPassedOn(String wrapper, String model) throws Exception {
        Class<?> ours = server.load(wrapper);

        assertThat(Arrays.stream(server.load(model).getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers())))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(ours.getMethod(method.getName(), method.getParameterTypes())
                                .getDeclaringClass()
                                .isInterface())
                        .as("%s leaves %s to the interface", wrapper, method)
                        .isFalse());
    }

    private static Set<String> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(SeamIT::isForOthers)
                .map(Method::getName)
                .collect(Collectors.toSet());
    }

    private static boolean isForOthers(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers())
                && !method.isSynthetic();
    }

    private static boolean isDeclared(Class<?> type, Method method) {
        return Arrays.stream(type.getDeclaredMethods())
                .anyMatch(own -> own.getName().equals(method.getName())
                        && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
    }

    private static Map<String, Map<String, String>> providers() throws IOException {
        Map<String, Map<String, String>> providers = new TreeMap<>();
        Map<String, String> current = new TreeMap<>();
        for (String line : Files.readAllLines(RESOURCES.resolve("providers.txt"), UTF_8)) {
            if (line.startsWith("[")) {
                current = new TreeMap<>();
                providers.put(line.substring(1, line.indexOf(']')), current);
            } else {
                current.putAll(decisions(List.of(line)));
            }
        }
        return providers;
    }

    private static Map<String, String> decisions(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains(" = ") && !line.startsWith("#"))
                .map(line -> line.split(" = ", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }
}
