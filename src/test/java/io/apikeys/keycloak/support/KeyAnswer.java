package io.apikeys.keycloak.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.apikeys.keycloak.support.TestRealm.RawKey;
import java.time.Instant;

/** A key as this extension's REST API describes it. A member that is asked for and absent fails the test. */
public record KeyAnswer(JsonNode json) {

    public String id() {
        return Json.text(json, "id");
    }

    /** Returns the key itself, which only the request that makes it is answered with. */
    public String raw() {
        return Json.text(json, "key");
    }

    RawKey rawKey() {
        return new RawKey(id(), raw());
    }

    public String name() {
        return Json.text(json, "name");
    }

    public String hint() {
        return Json.text(json, "hint");
    }

    public String userId() {
        return Json.text(json, "userId");
    }

    public String username() {
        return Json.text(json, "username");
    }

    public boolean isEnabled() {
        return Json.flag(json, "enabled");
    }

    public String disabledBy() {
        return Json.text(json, "disabledBy");
    }

    /** Returns the end of the key's life as it is written; see {@link #expiry}. */
    public String expiresAt() {
        return Json.text(json, "expiresAt");
    }

    public Instant expiry() {
        return Instant.parse(expiresAt());
    }

    public String lastUsedDoor() {
        return Json.text(json, "lastUsedDoor");
    }

    public boolean has(String member) {
        return json.has(member);
    }

    /** Returns a member that is a tree of its own, or may be null. */
    public JsonNode get(String member) {
        return Json.member(json, member);
    }

    /** Returns what is at a JSON pointer, such as {@code /limits/quota/remaining}; missing if nothing is. */
    public JsonNode at(String pointer) {
        return json.at(pointer);
    }
}
