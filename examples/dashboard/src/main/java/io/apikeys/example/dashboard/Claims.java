package io.apikeys.example.dashboard;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;

/** The claims of a token as people read them. */
final class Claims {

    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("acr", "Level of the login"),
            Map.entry("api_key", "API key of the login"),
            Map.entry("api_key_id", "Id of this API key"),
            Map.entry("at_hash", "Hash of the access token"),
            Map.entry("aud", "Issued for"),
            Map.entry("auth_time", "Signed in"),
            Map.entry("azp", "Requested by"),
            Map.entry("email", "E-mail address"),
            Map.entry("email_verified", "E-mail address verified"),
            Map.entry("exp", "Expires"),
            Map.entry("family_name", "Last name"),
            Map.entry("given_name", "First name"),
            Map.entry("iat", "Issued"),
            Map.entry("iss", "Issued by"),
            Map.entry("jti", "Id of the token"),
            Map.entry("name", "Name"),
            Map.entry("nonce", "Login that asked for the token"),
            Map.entry("preferred_username", "Username"),
            Map.entry("sid", "Session at Keycloak"),
            Map.entry("sub", "Id of the user"),
            Map.entry("typ", "Type of the token"));

    private Claims() {}

    /** One claim. */
    record Claim(String name, String meaning, String value) {}

    /** Returns the claims by name. */
    static List<Claim> of(OidcIdToken token) {
        return new TreeMap<>(token.getClaims())
                .entrySet().stream()
                        .map(claim -> new Claim(
                                claim.getKey(), MEANINGS.getOrDefault(claim.getKey(), ""), readable(claim.getValue())))
                        .toList();
    }

    private static String readable(Object value) {
        if (value instanceof Instant time) {
            return Times.readable(time);
        }
        if (value instanceof Collection<?> values) {
            return values.stream().map(Claims::readable).collect(Collectors.joining(", "));
        }
        if (value instanceof Map<?, ?> parts) {
            return parts.entrySet().stream()
                    .map(part -> part.getKey() + ": " + readable(part.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return String.valueOf(value);
    }
}
