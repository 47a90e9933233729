package io.apikeys.keycloak.support;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * {@code docs/openapi.yaml}, held against what the running server really answers. Clients have to bear with fields that a later version adds to
 * an answer, so the description does not forbid them; here no answer has a field that is not described.
 */
public final class Contract {

    private static final String ID = "https://contract.example/openapi";
    private static final JsonNode DOCUMENT =
            closed(new YAMLMapper().readTree(Path.of("docs", "openapi.yaml").toFile()));
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, DOCUMENT.toString())));
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private Contract() {}

    private static JsonNode closed(JsonNode document) {
        document.at("/components/schemas").values().stream()
                .filter(schema -> schema.has("properties") && !schema.has("additionalProperties"))
                .forEach(schema -> ((ObjectNode) schema).put("additionalProperties", false));
        return document;
    }

    /** Fails if the answer, or a request that was accepted, is not what the contract says. */
    static void check(String method, String path, String requestBody, HttpResponse<String> response) {
        String answer = operation(method, path) + "/responses/" + response.statusCode();
        JsonNode described = resolve(answer);
        if (described.isMissingNode()) {
            throw new AssertionError("The contract does not know that " + method + " " + path + " answers "
                    + response.statusCode() + ": " + response.body());
        }
        SEEN.add(method + " " + path + " " + response.statusCode());
        validate(answer, response.body());
        if (requestBody != null && response.statusCode() < 300) {
            checkRequest(method, path, requestBody);
        }
    }

    /** Fails if a request is not what the contract says. */
    static void checkRequest(String method, String path, String body) {
        validate(operation(method, path) + "/requestBody", body);
    }

    private static String operation(String method, String path) {
        return "/paths/" + escape(path) + "/" + method.toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Every answer of every operation that the contract describes, but for those that only come with bad timing, and for 503,
     * which comes while a user storage is away: {@code Http} fails on any 5xx, so {@code LdapIT} looks at it without this class.
     */
    public static Set<String> described() {
        Set<String> all = new TreeSet<>();
        DOCUMENT.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> operation.getValue().path("responses").properties().stream()
                                .filter(answer -> !answer.getKey().equals("503"))
                                .filter(answer -> !answer.getValue()
                                        .path("$ref")
                                        .asString()
                                        .endsWith("/ChangedMeanwhile"))
                                .forEach(answer -> all.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " "
                                        + path.getKey() + " " + answer.getKey()))));
        return all;
    }

    /** The answers that the tests of this run have seen. */
    public static Set<String> seen() {
        Set<String> seen = new TreeSet<>(SEEN);
        seen.retainAll(described());
        return seen;
    }

    private static void validate(String pointer, String body) {
        JsonNode content = resolve(pointer).path("content");
        if (content.isMissingNode()) {
            if (!body.isEmpty()) {
                throw new AssertionError("The contract knows no body of " + pointer + ": " + body);
            }
            return;
        }
        if (!content.has("application/json")) {
            return;
        }
        String schema = target(pointer) + "/content/application~1json/schema";
        List<Error> errors =
                SCHEMAS.getSchema(SchemaLocation.of(ID + "#" + schema)).validate(body, InputFormat.JSON);
        if (!errors.isEmpty()) {
            throw new AssertionError(pointer + ": " + errors);
        }
    }

    private static JsonNode resolve(String pointer) {
        return DOCUMENT.at(target(pointer));
    }

    /** Follows a reference, as responses and request bodies may be. */
    private static String target(String pointer) {
        JsonNode reference = DOCUMENT.at(pointer).path("$ref");
        return reference.isMissingNode() ? pointer : reference.asString().substring(1);
    }

    private static String escape(String path) {
        return path.replace("/", "~1");
    }
}
