package io.apikeys.keycloak.rest;

import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * The key that came with a request, in {@code X-API-Key}, or in {@code Authorization} as {@code Bearer} or as the password
 * of {@code Basic}. Never from the address.
 *
 * @param text null if there was none
 */
record PresentedKey(String text) {

    static final String HEADER = "X-API-Key";

    static PresentedKey in(HttpHeaders headers) {
        List<String> keys = headers.getRequestHeader(HEADER);
        List<String> authorizations = headers.getRequestHeader(HttpHeaders.AUTHORIZATION);
        if (keys != null && !keys.isEmpty()) {
            return new PresentedKey(theOnly(keys));
        }
        if (authorizations != null && !authorizations.isEmpty()) {
            return new PresentedKey(fromAuthorization(theOnly(authorizations)));
        }
        return new PresentedKey(null);
    }

    boolean isAbsent() {
        return text == null;
    }

    /** Not as a record prints itself, because this is what nobody may see. */
    @Override
    public String toString() {
        return "PresentedKey";
    }

    /** A header given twice is no key: who sits in between might have checked the other one. */
    private static String theOnly(List<String> values) {
        return values.size() == 1 ? values.get(0) : "";
    }

    private static String fromAuthorization(String header) {
        int space = header.indexOf(' ');
        String scheme = (space < 0 ? header : header.substring(0, space)).toLowerCase(Locale.ROOT);
        String value = space < 0 ? "" : header.substring(space + 1);
        return switch (scheme) {
            case "bearer" -> value;
            case "basic" -> password(value);
            default -> "";
        };
    }

    private static String password(String basic) {
        try {
            String decoded = new String(Base64.getDecoder().decode(basic.strip()), StandardCharsets.UTF_8);
            return decoded.substring(decoded.indexOf(':') + 1);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
