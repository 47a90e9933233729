package io.apikeys.keycloak.support;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What a token, introspection or userinfo says. A claim that is asked for and absent fails the test. */
public record Claims(JsonNode json) {

    /** Reads the claims of a JWT. */
    public static Claims of(String jwt) {
        return new Claims(Json.read(new String(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]), US_ASCII)));
    }

    public String subject() {
        return text("sub");
    }

    /** Returns the client that the token was issued to. */
    public String authorizedParty() {
        return text("azp");
    }

    public String sessionId() {
        return text("sid");
    }

    /** Returns the id of the key that the session was opened with. */
    public String keyId() {
        return text("api_key_id");
    }

    /** Returns the scopes that are named, in their order. */
    public List<String> scopes() {
        return List.of(text("scope").split(" ", -1));
    }

    /** Returns the roles of the realm, of which there may be none. */
    public List<String> realmRoles() {
        List<String> roles = new ArrayList<>();
        json.at("/realm_access/roles").forEach(role -> roles.add(role.textValue()));
        return roles;
    }

    public String text(String claim) {
        return Json.text(json, claim);
    }

    public boolean has(String claim) {
        return json.has(claim);
    }

    public JsonNode get(String claim) {
        return Json.member(json, claim);
    }

    /** Returns what is at a JSON pointer, such as {@code /api_key/name}; missing if nothing is. */
    public JsonNode at(String pointer) {
        return json.at(pointer);
    }
}
