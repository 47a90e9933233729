package io.apikeys.keycloak.rest.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keycloak.services.ErrorResponseException;

/**
 * The body of a request: a JSON object with known fields. The fields are read one by one, because the errors of a
 * data-binding library do not tell a caller which field is wrong, and why. A field that is absent reads like one that is null.
 */
public final class JsonBody {

    private static final int MAX_BYTES = 64 * 1024;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final ObjectNode object;
    private final String path;

    /** @param path the prefix of field names in errors */
    private JsonBody(ObjectNode object, String path, Set<String> known) {
        this.object = object;
        this.path = path;
        for (Iterator<String> fields = object.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!known.contains(field)) {
                throw ApiErrors.badRequest(path + field, "There is no such field. Use one of: " + sorted(known) + ".");
            }
        }
    }

    /**
     * Reads a required body.
     *
     * @param known the fields that the request may have; any other is refused
     */
    public static JsonBody read(InputStream body, Set<String> known) {
        return of(parse(body, MAX_BYTES), known);
    }

    /** Reads an optional body. An empty one counts as an empty object. */
    public static JsonBody readIfAny(InputStream body, Set<String> known) {
        JsonNode object = parse(body, MAX_BYTES);
        return of(
                object == null || object.isMissingNode() || object.isNull() ? JSON.createObjectNode() : object, known);
    }

    /** Reads a list, or a single object as a list of one. Each element is checked only when its supplier is called. */
    public static List<Supplier<JsonBody>> readAll(InputStream body, Set<String> known, int maxBytes, int maxElements) {
        JsonNode node = parse(body, maxBytes);
        if (node != null && node.size() > maxElements && node.isArray()) {
            throw ApiErrors.badRequest(null, "The list may have at most " + maxElements + " elements.");
        }
        List<Supplier<JsonBody>> elements = new ArrayList<>();
        if (node != null && node.isArray()) {
            node.forEach(element -> elements.add(() -> of(element, known)));
        } else {
            elements.add(() -> of(node, known));
        }
        return elements;
    }

    private static JsonBody of(@Nullable JsonNode object, Set<String> known) {
        if (!(object instanceof ObjectNode body)) {
            throw ApiErrors.badRequest(null, "The body must be a JSON object.");
        }
        return new JsonBody(body, "", known);
    }

    private static @Nullable JsonNode parse(InputStream body, int maxBytes) {
        try {
            return JSON.readTree(bytes(body, maxBytes));
        } catch (JsonProcessingException notJson) {
            throw ApiErrors.badRequest(null, "The body is not valid JSON.");
        } catch (IOException broken) {
            throw unreadable();
        }
    }

    /** Returns a whole body as it was sent, for a caller that needs its signature checked. */
    public static byte[] bytes(InputStream body, int maxBytes) {
        try {
            byte[] bytes = body.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw ApiErrors.tooLarge(maxBytes);
            }
            return bytes;
        } catch (IOException broken) {
            throw unreadable();
        }
    }

    private static ErrorResponseException unreadable() {
        return ApiErrors.badRequest(null, "The body could not be read.");
    }

    /** Returns the JSON object of this body. */
    ObjectNode object() {
        return object;
    }

    public boolean has(String field) {
        return object.has(field);
    }

    /** Returns an object with known fields. */
    public @Nullable JsonBody object(String field, Set<String> known) {
        JsonNode value = object.path(field);
        return absent(value)
                ? null
                : new JsonBody(
                        (ObjectNode) require(value.isObject(), field, "an object", value), path + field + ".", known);
    }

    /** Returns a field as one of Keycloak's own representations. */
    public <T> @Nullable T bind(String field, Class<T> type) {
        JsonNode value = object.path(field);
        if (absent(value)) {
            return null;
        }
        try {
            return JSON.treeToValue(require(value.isObject(), field, "an object", value), type);
        } catch (JsonMappingException wrong) {
            String where = wrong.getPath().stream()
                    .map(JsonMappingException.Reference::getFieldName)
                    .filter(Objects::nonNull)
                    .map(name -> "." + name)
                    .collect(Collectors.joining());
            throw ApiErrors.badRequest(path + field + where, "Is unknown, or has a value of the wrong type.");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns a string. */
    public @Nullable String text(String field) {
        JsonNode value = object.path(field);
        return absent(value)
                ? null
                : require(value.isTextual(), field, "a string", value).textValue();
    }

    /** Returns true or false. */
    public @Nullable Boolean bool(String field) {
        JsonNode value = object.path(field);
        return absent(value)
                ? null
                : require(value.isBoolean(), field, "true or false", value).booleanValue();
    }

    /** Returns a required whole number within these bounds. */
    public long required(String field, long least, long most) {
        JsonNode value = object.path(field);
        require(!absent(value), field, "set to a whole number", value);
        long number = wholeNumber(field, value, least);
        require(number <= most, field, "at most " + most, value);
        return number;
    }

    /** Returns an object with any content. */
    public @Nullable ObjectNode anything(String field, int maxBytes) {
        JsonNode value = object.path(field);
        if (absent(value)) {
            return null;
        }
        require(value.isObject(), field, "an object", value);
        require(
                value.toString().getBytes(StandardCharsets.UTF_8).length <= maxBytes,
                field,
                "at most " + maxBytes + " bytes of JSON",
                value);
        return (ObjectNode) value;
    }

    /** Returns one of the words. */
    public @Nullable String oneOf(String field, Set<String> words) {
        String text = text(field);
        require(text == null || words.contains(text), field, "one of " + sorted(words), object);
        return text;
    }

    /** Returns a positive whole number. */
    public @Nullable Long positive(String field) {
        JsonNode value = object.path(field);
        return absent(value) ? null : wholeNumber(field, value, 1);
    }

    /** Returns a whole number of 0 or more. */
    public @Nullable Long notNegative(String field) {
        JsonNode value = object.path(field);
        return absent(value) ? null : wholeNumber(field, value, 0);
    }

    private long wholeNumber(String field, JsonNode value, long least) {
        require(value.isIntegralNumber() && value.canConvertToLong(), field, "a whole number", value);
        return require(value.longValue() >= least, field, "at least " + least, value)
                .longValue();
    }

    /** Returns an ISO-8601 time with an offset. */
    public @Nullable Instant instant(String field) {
        return IsoTime.read(path + field, text(field));
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private JsonNode require(boolean condition, String field, String kind, JsonNode value) {
        if (!condition) {
            throw ApiErrors.badRequest(path + field, "Must be " + kind + ".");
        }
        return value;
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }
}
