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

/**
 * The body of a request: one JSON object whose fields are known. Read field by field, because a binding framework's
 * errors do not say in a caller's words which field is wrong and why.
 */
public final class JsonBody {

    private static final int MAX_BYTES = 64 * 1024;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final ObjectNode object;
    private final String path;

    /** @param path what stands before the names of the fields in errors */
    private JsonBody(ObjectNode object, String path, Set<String> known) {
        this.object = object;
        this.path = path;
        for (Iterator<String> fields = object.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!known.contains(field)) {
                throw ApiErrors.badRequest(path + field, "There is no such field. Known are: " + sorted(known) + ".");
            }
        }
    }

    /**
     * Reads a body that has to be there.
     *
     * @param known the fields that the request may have; any other is refused
     */
    public static JsonBody read(InputStream body, Set<String> known) {
        return of(parse(body, MAX_BYTES), known);
    }

    /** The same of a body that may be empty, which is as an empty object. */
    public static JsonBody readIfAny(InputStream body, Set<String> known) {
        JsonNode object = parse(body, MAX_BYTES);
        return of(object == null || object.isMissingNode() ? JSON.createObjectNode() : object, known);
    }

    /** The elements of a list, or the one object that stands for a list of one, to be read one by one. */
    public static List<Supplier<JsonBody>> readAll(InputStream body, Set<String> known, int maxBytes, int maxElements) {
        JsonNode node = parse(body, maxBytes);
        if (node != null && node.size() > maxElements && node.isArray()) {
            throw ApiErrors.badRequest(null, "The list may have " + maxElements + " elements at the most.");
        }
        List<Supplier<JsonBody>> elements = new ArrayList<>();
        if (node != null && node.isArray()) {
            node.forEach(element -> elements.add(() -> of(element, known)));
        } else {
            elements.add(() -> of(node, known));
        }
        return elements;
    }

    private static JsonBody of(JsonNode object, Set<String> known) {
        if (!(object instanceof ObjectNode body)) {
            throw ApiErrors.badRequest(null, "The body must be a JSON object.");
        }
        return new JsonBody(body, "", known);
    }

    private static JsonNode parse(InputStream body, int maxBytes) {
        try {
            byte[] bytes = body.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw ApiErrors.tooLarge(maxBytes);
            }
            return JSON.readTree(bytes);
        } catch (JsonProcessingException notJson) {
            throw ApiErrors.badRequest(null, "The body is not valid JSON.");
        } catch (IOException broken) {
            throw ApiErrors.badRequest(null, "The body could not be read.");
        }
    }

    /** Returns the object itself. */
    ObjectNode object() {
        return object;
    }

    public boolean has(String field) {
        return object.has(field);
    }

    /** Null if the field is absent or null. */
    public JsonBody object(String field, Set<String> known) {
        JsonNode value = object.path(field);
        return absent(value)
                ? null
                : new JsonBody(
                        (ObjectNode) require(value.isObject(), field, "an object", value), path + field + ".", known);
    }

    /** A field as one of Keycloak's own representations; null if it is absent or null. */
    public <T> T bind(String field, Class<T> type) {
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
            throw ApiErrors.badRequest(path + field + where, "Is not what it has to be.");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Null if the field is absent or null. */
    public String text(String field) {
        JsonNode value = object.path(field);
        return absent(value)
                ? null
                : require(value.isTextual(), field, "a string", value).textValue();
    }

    /** Null if the field is absent or null. */
    public Boolean bool(String field) {
        JsonNode value = object.path(field);
        return absent(value)
                ? null
                : require(value.isBoolean(), field, "true or false", value).booleanValue();
    }

    /** A whole number in these bounds, which has to be there. */
    public long required(String field, long least, long most) {
        JsonNode value = object.path(field);
        require(!absent(value), field, "given", value);
        long number = wholeNumber(field, value, least);
        require(number <= most, field, "at most " + most, value);
        return number;
    }

    /** An object with any content; null if the field is absent or null. */
    public ObjectNode anything(String field, int maxBytes) {
        JsonNode value = object.path(field);
        if (absent(value)) {
            return null;
        }
        require(value.isObject(), field, "an object", value);
        require(
                value.toString().getBytes(StandardCharsets.UTF_8).length <= maxBytes,
                field,
                maxBytes + " bytes of JSON at the most",
                value);
        return (ObjectNode) value;
    }

    /** One of some words; null if the field is absent or null. */
    public String oneOf(String field, Set<String> words) {
        String text = text(field);
        require(text == null || words.contains(text), field, "one of " + sorted(words), object);
        return text;
    }

    /** A positive whole number; null if the field is absent or null. */
    public Long positive(String field) {
        JsonNode value = object.path(field);
        return absent(value) ? null : wholeNumber(field, value, 1);
    }

    /** A whole number, 0 or more; null if the field is absent or null. */
    public Long notNegative(String field) {
        JsonNode value = object.path(field);
        return absent(value) ? null : wholeNumber(field, value, 0);
    }

    private long wholeNumber(String field, JsonNode value, long least) {
        require(value.isIntegralNumber() && value.canConvertToLong(), field, "a whole number", value);
        return require(value.longValue() >= least, field, "at least " + least, value)
                .longValue();
    }

    /** An ISO-8601 time with an offset; null if the field is absent or null. */
    public Instant instant(String field) {
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
