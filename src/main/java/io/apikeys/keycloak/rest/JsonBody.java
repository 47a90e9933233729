package io.apikeys.keycloak.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.Set;

/**
 * The body of a request: one JSON object whose fields are known. Read field by field, because a binding framework's
 * errors do not say in a caller's words which field is wrong and why.
 */
final class JsonBody {

    private static final int MAX_BYTES = 64 * 1024;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode object;

    private JsonBody(JsonNode object) {
        this.object = object;
    }

    /** @param known the fields that the request may have; any other is refused */
    static JsonBody read(InputStream body, Set<String> known) {
        JsonNode object = parse(body);
        if (object == null || !object.isObject()) {
            throw Refused.badRequest(null, "The body must be a JSON object.");
        }
        for (Iterator<String> fields = object.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!known.contains(field)) {
                throw Refused.badRequest(field, "There is no such field. Known are: " + sorted(known) + ".");
            }
        }
        return new JsonBody(object);
    }

    private static JsonNode parse(InputStream body) {
        try {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw Refused.tooLarge(MAX_BYTES);
            }
            return JSON.readTree(bytes);
        } catch (JsonProcessingException notJson) {
            throw Refused.badRequest(null, "The body is not valid JSON.");
        } catch (IOException broken) {
            throw Refused.badRequest(null, "The body could not be read.");
        }
    }

    /** Null if the field is absent or null. */
    String text(String field) {
        JsonNode value = object.path(field);
        return absent(value)
                ? null
                : require(value.isTextual(), field, "a string", value).textValue();
    }

    /** Null if the field is absent or null. */
    Boolean bool(String field) {
        JsonNode value = object.path(field);
        return absent(value)
                ? null
                : require(value.isBoolean(), field, "true or false", value).booleanValue();
    }

    /** A positive whole number; null if the field is absent or null. */
    Long positive(String field) {
        JsonNode value = object.path(field);
        if (absent(value)) {
            return null;
        }
        require(value.isIntegralNumber() && value.canConvertToLong(), field, "a whole number", value);
        return require(value.longValue() > 0, field, "greater than 0", value).longValue();
    }

    /** An ISO-8601 time with an offset; null if the field is absent or null. */
    Instant instant(String field) {
        String text = text(field);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            throw Refused.badRequest(field, "Must be an ISO-8601 time with an offset, such as 2027-01-31T12:00:00Z.");
        }
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static JsonNode require(boolean condition, String field, String kind, JsonNode value) {
        if (!condition) {
            throw Refused.badRequest(field, "Must be " + kind + ".");
        }
        return value;
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }
}
