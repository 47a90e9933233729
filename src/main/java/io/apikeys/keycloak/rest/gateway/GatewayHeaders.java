package io.apikeys.keycloak.rest.gateway;

import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.restriction.HolderOrganizations;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.restriction.roles.AllowedRoles;
import io.apikeys.keycloak.restriction.roles.KeyRoles;
import io.apikeys.keycloak.verify.FoundKey;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.RoleUtils;

/**
 * The headers that describe a valid key and its holder to a gateway. Most are sent only on request: the roles of a
 * holder who has hundreds do not fit into a proxy's buffer, and take the longest to find.
 *
 * @param parts the requested parts, sent in addition to the user and the key
 * @param raw whether printable ASCII is written without percent-encoding
 */
record GatewayHeaders(KeycloakSession session, Set<Part> parts, boolean raw) {

    /** The characters between names, between a client and its role, and between a group and its parent. */
    private static final String SEPARATORS = ",:/";

    /** A part of the answer that a gateway can request, by a word in query parameter {@code include}. */
    enum Part {
        ROLES,
        EMAIL,
        GROUPS,
        NAME,
        ORGANIZATION,
        METADATA;

        private static final String WORDS = Stream.of(values()).map(Part::word).collect(Collectors.joining(", "));

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Part of(String word) {
            return Stream.of(values())
                    .filter(part -> part.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> ApiErrors.badRequest(
                            "include", "'" + word + "' cannot be included. Use one of: " + WORDS + "."));
        }
    }

    /**
     * Reads which parts are requested.
     *
     * @param include comma-separated words, given once or repeatedly
     */
    static GatewayHeaders askedFor(KeycloakSession session, @Nullable List<String> include, boolean raw) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        Stream.ofNullable(include)
                .flatMap(List::stream)
                .filter(Objects::nonNull)
                .flatMap(words -> Arrays.stream(words.split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .forEach(word -> parts.add(Part.of(word)));
        return new GatewayHeaders(session, parts, raw);
    }

    void addTo(ResponseBuilder answer, FoundKey found) {
        UserModel holder = found.holder();
        ReadableKey key = found.key();
        Restrictions restrictions = restrictions(found);
        add(answer, "X-Auth-User-Id", holder.getId());
        add(answer, "X-Auth-Username", holder.getUsername());
        answer.header("X-Auth-Key-Id", key.id());
        answer.header("X-Auth-Key-Expires", Objects.toString(key.data().expiresAt(), ""));
        parts.forEach(part -> {
            switch (part) {
                case ROLES -> answer.header("X-Auth-Roles", String.join(",", roles(found)));
                case EMAIL ->
                    add(
                            answer,
                            "X-Auth-Email",
                            restrictions.allowsScope("email") && holder.isEmailVerified() ? holder.getEmail() : null);
                case NAME -> add(answer, "X-Auth-Name", restrictions.allowsScope("profile") ? fullName(holder) : null);
                case GROUPS ->
                    answer.header("X-Auth-Groups", restrictions.allowsScope("groups") ? joined(groups(holder)) : "");
                case ORGANIZATION ->
                    answer.header(
                            "X-Auth-Organization",
                            joined(organizations(holder, restrictions).map(this::name)));
                case METADATA ->
                    add(answer, "X-Auth-Metadata", Objects.toString(key.data().metadata(), null));
                default -> throw new IllegalStateException("Unknown part " + part);
            }
        });
    }

    /** Returns the roles that a key allows, as they are written in the header. */
    Set<String> roles(FoundKey found) {
        AllowedRoles allowed = AllowedRoles.of(session.getContext().getRealm(), restrictions(found));
        return KeyRoles.of(RoleUtils.getDeepUserRoleMappings(found.holder()).stream(), allowed)
                .flat(this::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static @Nullable String fullName(UserModel holder) {
        String name = Stream.of(holder.getFirstName(), holder.getLastName())
                .filter(part -> part != null && !part.isBlank())
                .collect(Collectors.joining(" "));
        return name.isEmpty() ? null : name;
    }

    /** Returns the paths of a holder's groups, except those that Keycloak keeps for organizations. */
    private Stream<String> groups(UserModel holder) {
        return holder.getGroupsStream()
                .filter(group -> group.getType() == GroupModel.Type.REALM)
                .map(this::path);
    }

    private String path(GroupModel group) {
        return (group.getParent() == null ? "" : path(group.getParent())) + "/" + name(group.getName());
    }

    private Stream<String> organizations(UserModel holder, Restrictions restrictions) {
        return new HolderOrganizations(session, holder).allowedBy(restrictions).map(OrganizationModel::getAlias);
    }

    private static String joined(Stream<String> names) {
        return names.sorted().collect(Collectors.joining(","));
    }

    /**
     * Adds a header, even without a value, so that the gateway replaces any such header that the client has sent.
     *
     * @param value null to leave the header empty
     */
    private void add(ResponseBuilder answer, String header, @Nullable String value) {
        answer.header(
                header,
                value == null ? "" : encoded(value, raw ? GatewayHeaders::isPrintable : GatewayHeaders::isPlain));
    }

    private Restrictions restrictions(FoundKey found) {
        return found.key().restrictions(session, session.getContext().getRealm());
    }

    /** Encodes one of several names, so that it cannot be mistaken for two names or for a client role. */
    private String name(String name) {
        return raw
                ? encoded(name, character -> isPrintable(character) && SEPARATORS.indexOf(character) < 0)
                : encoded(name, GatewayHeaders::isPlain);
    }

    private static String encoded(String value, IntPredicate isPlain) {
        if (value.chars().allMatch(isPlain)) {
            return value;
        }
        return value.codePoints()
                .mapToObj(character -> isPlain.test(character)
                        ? Character.toString(character)
                        : URLEncoder.encode(Character.toString(character), StandardCharsets.UTF_8)
                                .replace("+", "%20")
                                .replace("*", "%2A"))
                .collect(Collectors.joining());
    }

    private static boolean isPlain(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || ".-_*@".indexOf(character) >= 0;
    }

    /** Returns whether a character is printable ASCII other than {@code %}, with which an encoded character starts. */
    private static boolean isPrintable(int character) {
        return character >= ' ' && character <= '~' && character != '%';
    }
}
