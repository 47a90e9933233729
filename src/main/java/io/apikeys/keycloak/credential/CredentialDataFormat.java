package io.apikeys.keycloak.credential;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apikeys.keycloak.limit.Limits;
import io.apikeys.keycloak.restriction.StoredRestrictions;
import io.apikeys.keycloak.restriction.object.ObjectIds;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JSON format of the credential data. A later version of this extension may have written the data: a key is refused
 * unless all members that restrict it are understood.
 *
 * <p>Member {@code v} is the version of the format, and {@code crit} names the members without which the key would be
 * allowed more, as in a JOSE header (RFC 7515, section 4.1.11). Other unknown members are kept. Unknown members of
 * {@code restrictions} and {@code limits} are always taken to restrict. The first format had neither {@code v} nor
 * {@code crit}, and no unknown members.
 *
 * <p>Member {@code restrictionIds} is not critical, although it restricts the key: a version that does not know it goes
 * by the names alone, as it always did, and keeps the ids.
 */
final class CredentialDataFormat {

    private static final int VERSION = 1;

    private static final String V = "v";
    private static final String CRIT = "crit";
    private static final String DISABLED_BY = "disabledBy";
    private static final String RESTRICTION_IDS = "restrictionIds";
    private static final String RESTRICTED_AT = "restrictedAt";
    private static final String REPLACED_AT = "replacedAt";

    private static final Set<String> KNOWN = Stream.of(Members.class.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toUnmodifiableSet());

    /** The members without which the key would be allowed more, in the order in which they are named. */
    private static final List<String> CRITICAL = List.of(DISABLED_BY, RESTRICTED_AT, REPLACED_AT);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private CredentialDataFormat() {}

    /**
     * Reads the data of a key.
     *
     * @throws Unreadable if it is not understood; the key must be refused then
     */
    static ApiKeyCredentialData read(@Nullable String json) throws Unreadable {
        try {
            if (json == null || !(JSON.readTree(json) instanceof ObjectNode object)) {
                throw new Unreadable("it is not a JSON object");
            }
            if (object.path(RESTRICTION_IDS).isNull()) {
                throw new Unreadable(RESTRICTION_IDS + " is null");
            }
            ObjectNode others = others(object);
            if (object.has(V)) {
                checkVersion(object.get(V));
                checkCritical(object);
            } else if (!others.isEmpty()
                    || object.has(CRIT)
                    || object.has(RESTRICTION_IDS)
                    || CRITICAL.stream().anyMatch(object::has)) {
                throw new Unreadable("its members are unknown to the first version of the format");
            }
            return JSON.treeToValue(object.retain(KNOWN), Members.class).toData(others);
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException notUnderstood) {
            throw new Unreadable(notUnderstood.getClass().getSimpleName());
        }
    }

    private static ObjectNode others(ObjectNode object) {
        ObjectNode others = JSON.createObjectNode();
        object.properties().stream()
                .filter(member -> !KNOWN.contains(member.getKey()))
                .filter(member -> !V.equals(member.getKey()) && !CRIT.equals(member.getKey()))
                .forEach(member -> others.set(member.getKey(), member.getValue()));
        return others;
    }

    private static void checkVersion(JsonNode version) throws Unreadable {
        if (!version.isInt() || version.intValue() != VERSION) {
            throw new Unreadable("its format has another version");
        }
    }

    private static void checkCritical(ObjectNode object) throws Unreadable {
        if (!object.has(CRIT)) {
            return;
        }
        if (!(object.get(CRIT) instanceof ArrayNode names) || names.isEmpty()) {
            throw new Unreadable(CRIT + " is not a list of names");
        }
        Set<String> named = new HashSet<>();
        for (JsonNode name : names) {
            if (!name.isTextual() || !named.add(name.textValue()) || !object.has(name.textValue())) {
                throw new Unreadable(CRIT + " is not a list of the names of members");
            }
        }
        if (!KNOWN.containsAll(named)) {
            throw new Unreadable("it has members that restrict the key in a way unknown to this version");
        }
    }

    static String write(ApiKeyCredentialData data) {
        ObjectNode members = JSON.valueToTree(Members.of(data));
        ObjectNode object = JSON.createObjectNode().put(V, VERSION);
        CRITICAL.stream().filter(members::has).forEach(object.withArray(CRIT)::add);
        if (object.withArray(CRIT).isEmpty()) {
            object.remove(CRIT);
        }
        object.setAll(members);
        object.setAll(data.others());
        return object.toString();
    }

    /** Thrown if stored data is not understood. The message does not contain the data. */
    static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        private Unreadable(String why) {
            super(why);
        }
    }

    /** The known members. Dates are text, because the Admin Console shows them as stored. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Members(
            @Nullable String hint,
            @Nullable String expiresAt,
            @Nullable Boolean enabled,
            @Nullable Authority disabledBy,
            @Nullable StoredRestrictions restrictions,
            @Nullable ObjectIds restrictionIds,
            @Nullable String restrictedAt,
            @Nullable String replacedAt,
            @Nullable Limits limits,
            @Nullable ObjectNode metadata) {

        static Members of(ApiKeyCredentialData data) {
            return new Members(
                    data.hint(),
                    text(data.expiresAt()),
                    data.enabled(),
                    data.disabledBy(),
                    data.restrictions().isNone() ? null : data.restrictions(),
                    data.restrictions().ids(),
                    text(data.restrictedAt()),
                    text(data.replacedAt()),
                    data.limits().isNone() ? null : data.limits(),
                    data.metadata());
        }

        private static @Nullable String text(@Nullable Instant instant) {
            return instant == null ? null : instant.toString();
        }

        private static @Nullable Instant instant(@Nullable String text) {
            return text == null ? null : Instant.parse(text);
        }

        private StoredRestrictions withIds() {
            StoredRestrictions names = restrictions == null ? StoredRestrictions.NONE : restrictions;
            return restrictionIds == null ? names : names.with(restrictionIds);
        }

        /** Returns the data; a disabled key that does not say by whom counts as disabled by an administrator. */
        ApiKeyCredentialData toData(ObjectNode others) {
            if (hint == null || enabled == null || (enabled && disabledBy != null)) {
                throw new IllegalArgumentException("hint or enabled is missing, or contradicts the rest");
            }
            return ApiKeyCredentialData.builder()
                    .hint(hint)
                    .expiresAt(instant(expiresAt))
                    .disabledBy(enabled ? null : disabledBy == null ? Authority.ADMINISTRATOR : disabledBy)
                    .restrictions(withIds())
                    .restrictedAt(instant(restrictedAt))
                    .replacedAt(instant(replacedAt))
                    .limits(limits == null ? Limits.NONE : limits)
                    .metadata(metadata)
                    .others(others)
                    .build();
        }
    }
}
