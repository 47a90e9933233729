package io.apikeys.keycloak.gate;

import static java.util.function.Predicate.not;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The endpoint that a request asks for; closed to keys unless it is listed here. Depends on no Keycloak state, so that
 * a table of routes can test it.
 *
 * @param method the HTTP method
 * @param segments the path segments from {@code realms} or {@code admin} on, each decoded separately
 * @param isPlain whether the path is written as Keycloak writes it; a path with dot segments, matrix parameters or
 *     percent signs is never treated as open
 */
record Route(String method, List<String> segments, boolean isPlain) {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private static final String ANY = "*";
    private static final String REST = "**";

    /** Endpoints that verify any token themselves, or take none. Relative to {@code realms/{realm}}. */
    private static final List<List<String>> OPEN = patterns(
            "",
            ".well-known/**",
            "api-keys/alerts/github",
            "api-keys/auth/**",
            "api-keys/console",
            "api-keys/revoke",
            "api-keys/ui/*",
            "broker/after-first-broker-login",
            "broker/after-post-broker-login",
            "broker/*/endpoint/**",
            "broker/*/login",
            "clients/*/redirect",
            "device/**",
            "login-actions/**",
            "protocol/openid-connect/*",
            "protocol/openid-connect/auth/device",
            "protocol/openid-connect/ext/ciba/**",
            "protocol/openid-connect/ext/par/**",
            "protocol/openid-connect/login-status-iframe.html/**",
            "protocol/openid-connect/logout/**",
            "protocol/openid-connect/oauth/oob",
            "protocol/openid-connect/3p-cookies/**",
            "protocol/openid-connect/token/introspect",
            "protocol/saml/**");

    /** Below {@code realms/{realm}}: links an account at an identity provider for signing in. */
    private static final List<List<String>> LINKING = patterns("broker/*/link");

    /** Below {@code realms/{realm}}: open to keys that may administer. */
    private static final List<List<String>> REALM_ADMINISTRATION = patterns("scim/**");

    /**
     * Below {@code admin/realms/{realm}}: writable by a key that may administer. Any other path is read-only unless the
     * realm lets its keys change credentials: settings and texts of the realm (including those of e-mails with links),
     * signing keys, user storages, identity providers, login flows, required actions, workflows, events and imports.
     * All of these decide who can sign in, or take effect later.
     */
    private static final List<List<String>> WRITTEN = patterns(
            "attack-detection/**",
            "client-scopes/**",
            "clients/**",
            "groups/**",
            "logout-all",
            "organizations/**",
            "push-revocation",
            "roles/**",
            "roles-by-id/**",
            "sessions/**",
            "users/**");

    /**
     * The paths among {@link #WRITTEN} that give lasting access: credentials, identity links, rights to administer,
     * tokens of clients, and mappers, which decide whose tokens clients get, and with which claims.
     */
    private static final List<List<String>> NEVER_WRITTEN = patterns(
            "client-scopes/*/protocol-mappers/**",
            "clients/*/authz/**",
            "clients/*/certificates/**",
            "clients/*/client-secret/**",
            "clients/*/management/**",
            "clients/*/protocol-mappers/**",
            "clients/*/registration-access-token/**",
            "clients/*/roles/*/composites/**",
            "clients/*/roles/*/management/**",
            "groups/*/management/**",
            "groups/*/role-mappings/**",
            "organizations/*/groups/*/role-mappings/**",
            "organizations/*/identity-providers/**",
            "roles/*/composites/**",
            "roles/*/management/**",
            "roles-by-id/*/composites/**",
            "roles-by-id/*/management/**",
            "users/*/credentials/**",
            "users/*/disable-credential-types/**",
            "users/*/execute-actions-email/**",
            "users/*/federated-identity/**",
            "users/*/reset-password/**",
            "users/*/reset-password-email/**",
            "users/*/vc/**",
            "users/profile/**",
            "users-management-permissions/**");

    /** Below {@code admin/realms/{realm}}: not even readable, because the responses contain credentials of clients. */
    private static final List<List<String>> NEVER_READ =
            patterns("clients/*/certificates/**", "clients/*/client-secret/**", "clients/*/installation/**");

    private static final Set<String> OF_USERS =
            Set.of("credentials", "federatedIdentities", "requiredActions", "serviceAccountClientId");

    private static final Set<String> OF_CLIENTS = Set.of(
            "authenticationFlowBindingOverrides",
            "authorizationServicesEnabled",
            "authorizationSettings",
            "clientAuthenticatorType",
            "protocolMappers",
            "secret",
            "serviceAccountsEnabled");

    private static final Set<String> OF_NEW_CLIENTS = without(OF_CLIENTS, "clientAuthenticatorType");

    private static final Set<String> OF_NEW_CLIENT_SCOPES = Set.of("protocolMappers");

    /** Keys are restricted by scope names. */
    private static final Set<String> OF_CLIENT_SCOPES = Set.of("name");

    private static final Set<String> OF_ROLES = Set.of("composites");

    /**
     * Creating a group with the id of an existing one moves that group, for example below a group of administrators.
     */
    private static final Set<String> OF_NEW_GROUPS = Set.of("id");

    /** The fields that a key must not change, by path. */
    private static final Map<List<String>, Set<String>> KEPT_FIELDS = Map.ofEntries(
            Map.entry(pattern("users"), OF_USERS),
            Map.entry(pattern("users/*"), OF_USERS),
            Map.entry(pattern("client-scopes"), OF_NEW_CLIENT_SCOPES),
            Map.entry(pattern("client-scopes/*"), OF_CLIENT_SCOPES),
            Map.entry(pattern("clients"), OF_NEW_CLIENTS),
            Map.entry(pattern("clients/*"), OF_CLIENTS),
            Map.entry(pattern("clients/*/roles"), OF_ROLES),
            Map.entry(pattern("clients/*/roles/*"), OF_ROLES),
            Map.entry(pattern("roles"), OF_ROLES),
            Map.entry(pattern("roles/*"), OF_ROLES),
            Map.entry(pattern("roles-by-id/*"), OF_ROLES),
            Map.entry(pattern("groups"), OF_NEW_GROUPS),
            Map.entry(pattern("groups/*/children"), OF_NEW_GROUPS),
            Map.entry(pattern("organizations/*/groups"), OF_NEW_GROUPS),
            Map.entry(pattern("organizations/*/groups/*/children"), OF_NEW_GROUPS));

    /** Below {@code admin/realms/{realm}}: never open to a key, whatever its realm's policy. */
    private static final List<List<String>> NEVER = patterns("users/*/impersonation/**");

    private static final String UNUSUAL = ";%\\";
    private static final String REALMS = "realms/";
    private static final String OPEN_ID_CONNECT = "/protocol/openid-connect/";

    /**
     * Parses a path.
     *
     * @param path the path as sent, percent-encoded, because a decoded slash is part of a name and separates nothing;
     *     may start with a prefix such as {@code /auth} ({@code --http-relative-path})
     */
    static Route of(String method, String path) {
        List<String> segments = new ArrayList<>();
        boolean isPlain = isPlain(path);
        for (String encoded : path.split("/", -1)) {
            String segment = decoded(encoded);
            isPlain &= !segment.equals(".") && !segment.equals("..");
            if (!segment.isEmpty() && (!segments.isEmpty() || isRoot(segment))) {
                segments.add(segment);
            }
        }
        return new Route(method, segments, isPlain);
    }

    /**
     * Returns whether a path is {@code realms/{realm}/protocol/openid-connect/*}, which is open and the target of most
     * requests: the result of {@link #isOpen()} without creating a {@code Route}.
     *
     * @param path with or without a leading slash
     */
    static boolean isOpenIdConnect(String path) {
        int realm = path.indexOf(REALMS) + REALMS.length();
        int protocol = path.indexOf(OPEN_ID_CONNECT);
        return (path.startsWith(REALMS) || path.startsWith("/" + REALMS))
                && protocol > realm
                && path.indexOf('/', realm) == protocol
                && path.indexOf('/', protocol + OPEN_ID_CONNECT.length()) < 0
                && !path.endsWith("/")
                && !path.contains("/.")
                && isPlain(path);
    }

    /**
     * Returns whether a path is written as Keycloak writes it. Uses a loop, because it runs for every request of the
     * server.
     */
    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char character = path.charAt(i);
            if (UNUSUAL.indexOf(character) >= 0 || Character.isISOControl(character)) {
                return false;
            }
        }
        return true;
    }

    private static String decoded(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return segment;
        }
    }

    private static boolean isRoot(String segment) {
        return segment.equals("realms") || segment.equals("admin");
    }

    /**
     * Returns whether any request may reach the endpoint, without a search for keys in it: pages and scripts, and
     * endpoints that check each token themselves.
     */
    boolean isOpen() {
        return isPlain && (segments.isEmpty() || (isIn("realms") && segments.size() > 1 && matches(OPEN, below(2))));
    }

    /**
     * Returns whether the endpoint might accept a session's cookie as a login; Keycloak's own APIs accept only tokens.
     */
    boolean takesCookies() {
        return !isOpen() && !isAdministration() && !isAccount() && !isKeyManagement();
    }

    /** Returns the name of the realm that the request administers; empty if it administers none. */
    Optional<String> administeredRealm() {
        if (!isAdministration()) {
            return Optional.empty();
        }
        return segments.stream().skip(isIn("admin") ? 2 : 1).findFirst();
    }

    /** Decides whether a request that acts for a key may proceed. */
    Decision decide(KeyRights key) {
        if (isOpen()) {
            return Decision.ALLOWED;
        }
        if (!isListed(key)) {
            return Decision.REFUSED;
        }
        return key.ended() ? Decision.ENDED : Decision.ALLOWED;
    }

    private boolean isListed(KeyRights key) {
        if (isAdministration()) {
            return (key.administers() || key.ended()) && mayAdminister(key);
        }
        if (isAccount()) {
            return isReading() || key.managesCredentials();
        }
        if (isIn("realms") && matches(LINKING, below(2))) {
            return key.managesCredentials();
        }
        return isKeyManagement() || isAdmitted(key.admittedPaths());
    }

    private boolean mayAdminister(KeyRights key) {
        List<String> ofRealm = ofAdministeredRealm();
        if (matches(NEVER, ofRealm)) {
            return false;
        }
        if (isReading()) {
            return key.managesCredentials()
                    || !(isVersionedApi() || isClientRegistration() || matches(NEVER_READ, ofRealm));
        }
        // Keys issued over the Admin REST API could have more rights than the key that issues them.
        if (isClientRegistration() || startsWith(ofRealm, "api-keys")) {
            return false;
        }
        return key.managesCredentials()
                || isIn("realms")
                || (matches(WRITTEN, ofRealm) && !matches(NEVER_WRITTEN, ofRealm));
    }

    private List<String> ofAdministeredRealm() {
        return isIn("admin") && segments.size() > 2 && segments.get(1).equals("realms") ? below(3) : List.of();
    }

    /** Returns the fields of the body that a key must not change; empty if the body does not matter. */
    Set<String> keptFields() {
        if (isReading()) {
            return Set.of();
        }
        List<String> path = ofAdministeredRealm();
        return KEPT_FIELDS.entrySet().stream()
                .filter(entry -> isMatch(entry.getKey(), path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Set.of());
    }

    /**
     * Returns the id of the object that a request writes; empty if the object is not of this kind, such as
     * {@code clients}.
     */
    Optional<String> written(String kind) {
        List<String> path = ofAdministeredRealm();
        return !isReading() && path.size() == 2 && path.get(0).equals(kind)
                ? Optional.of(path.get(1))
                : Optional.empty();
    }

    /** Returns whether this is Keycloak's future Admin REST API, whose fields with client secrets have other names. */
    private boolean isVersionedApi() {
        return isIn("admin") && segments.size() > 1 && segments.get(1).equals("api");
    }

    private boolean isReading() {
        return READING.contains(method);
    }

    private boolean isAdministration() {
        return isIn("admin") || (isIn("realms") && (isClientRegistration() || matches(REALM_ADMINISTRATION, below(2))));
    }

    /** Returns whether this is client registration, which responds with secrets and tokens that outlive a key. */
    private boolean isClientRegistration() {
        return isIn("realms") && startsWith(below(2), "clients-registrations");
    }

    private boolean isAccount() {
        return isIn("realms") && startsWith(below(2), "account");
    }

    /** Returns whether this is the API for holders' own keys, which checks keys itself. */
    private boolean isKeyManagement() {
        return isIn("realms") && startsWith(below(2), "api-keys");
    }

    private boolean isAdmitted(List<String> paths) {
        return isPlain
                && isIn("realms")
                && paths.stream().anyMatch(path -> isMatch(pattern(path + "/" + REST), below(2)));
    }

    private boolean isIn(String root) {
        return !segments.isEmpty() && segments.get(0).equals(root);
    }

    private List<String> below(int count) {
        return segments.size() <= count ? List.of() : segments.subList(count, segments.size());
    }

    private static boolean startsWith(List<String> path, String segment) {
        return !path.isEmpty() && path.get(0).equals(segment);
    }

    private static Set<String> without(Set<String> fields, String other) {
        return fields.stream().filter(not(other::equals)).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean matches(List<List<String>> patterns, List<String> path) {
        for (List<String> pattern : patterns) {
            if (isMatch(pattern, path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMatch(List<String> pattern, List<String> path) {
        for (int i = 0; i < pattern.size(); i++) {
            if (pattern.get(i).equals(REST)) {
                return true;
            }
            if (i >= path.size()
                    || !(pattern.get(i).equals(ANY) || pattern.get(i).equals(path.get(i)))) {
                return false;
            }
        }
        return path.size() == pattern.size();
    }

    /** Parses patterns: {@code *} matches any one segment, {@code **} at the end any number of segments. */
    private static List<List<String>> patterns(String... patterns) {
        return Stream.of(patterns).map(Route::pattern).toList();
    }

    private static List<String> pattern(String pattern) {
        return Stream.of(pattern.split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
    }
}
