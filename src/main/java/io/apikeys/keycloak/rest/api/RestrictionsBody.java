package io.apikeys.keycloak.rest.api;

import io.apikeys.keycloak.restriction.AddressBlock;
import io.apikeys.keycloak.restriction.Restrictions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The field {@code restrictions} of a request, read as a merge patch (RFC 7396) of how the key is narrowed so far: a part
 * that is absent stays, a part that is null goes, any other is replaced.
 */
final class RestrictionsBody {

    private static final String FIELD = "restrictions";
    private static final Set<String> PARTS =
            Set.of("realmRoles", "clientRoles", "scopes", "clients", "cidrs", "organization");

    private RestrictionsBody() {}

    /** What the key is to be narrowed to; nothing if the field is absent. */
    public static Optional<Restrictions> in(JsonBody body, Restrictions current) {
        if (!body.has(FIELD)) {
            return Optional.empty();
        }
        JsonBody parts = body.object(FIELD, PARTS);
        return Optional.of(parts == null ? Restrictions.NONE : merged(parts, current));
    }

    private static Restrictions merged(JsonBody parts, Restrictions current) {
        return new Restrictions(
                part(parts, "realmRoles", JsonBody::texts, current.realmRoles()),
                part(parts, "clientRoles", JsonBody::textsByName, current.clientRoles()),
                part(parts, "scopes", JsonBody::texts, current.scopes()),
                part(parts, "clients", JsonBody::texts, current.clients()),
                part(parts, "cidrs", RestrictionsBody::blocks, current.cidrs()),
                part(parts, "organization", JsonBody::text, current.organization()));
    }

    private static <T> T part(JsonBody parts, String name, BiFunction<JsonBody, String, T> read, T current) {
        return parts.has(name) ? read.apply(parts, name) : current;
    }

    private static List<AddressBlock> blocks(JsonBody parts, String name) {
        Set<String> texts = parts.texts(name);
        return texts == null
                ? null
                : texts.stream().map(RestrictionsBody::block).toList();
    }

    private static AddressBlock block(String text) {
        try {
            return AddressBlock.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw ApiErrors.badRequest(
                    FIELD + ".cidrs", "'" + text + "' is no address block such as 192.0.2.0/24 or 2001:db8::/32.");
        }
    }
}
