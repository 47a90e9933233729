package io.apikeys.keycloak.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON that is read and written, and members of an object that have to be there. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** Missing for an empty text. */
    public static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    static JsonNode member(JsonNode object, String name) {
        if (!object.has(name)) {
            throw new AssertionError("There is no \"" + name + "\" in " + object);
        }
        return object.get(name);
    }

    static String text(JsonNode object, String name) {
        JsonNode member = member(object, name);
        if (!member.isTextual()) {
            throw new AssertionError("\"" + name + "\" is no text in " + object);
        }
        return member.textValue();
    }

    static boolean flag(JsonNode object, String name) {
        JsonNode member = member(object, name);
        if (!member.isBoolean()) {
            throw new AssertionError("\"" + name + "\" is neither true nor false in " + object);
        }
        return member.booleanValue();
    }

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
