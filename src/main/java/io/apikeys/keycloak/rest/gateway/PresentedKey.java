package io.apikeys.keycloak.rest.gateway;

import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key in the headers of a request: in {@code X-API-Key}, or in {@code Authorization} as the {@code Bearer} token or
 * as the {@code Basic} password. A key in the URL is ignored.
 */
record PresentedKey(@Nullable String text) {

    private static final String HEADER = "X-API-Key";

    private static final Pattern BASIC = Pattern.compile("(?is)\\s*basic(\\s.*)?");

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

    /**
     * Returns whether {@code Authorization} authenticates the gateway as a client, because the key has a header of its
     * own.
     */
    static boolean isBesideTheGateway(HttpHeaders headers) {
        List<String> authorization = headers.getRequestHeader(HttpHeaders.AUTHORIZATION);
        return headers.getHeaderString(HEADER) != null
                && authorization != null
                && authorization.stream().anyMatch(value -> BASIC.matcher(value).matches());
    }

    boolean isAbsent() {
        return text == null;
    }

    /** Returns a text that does not contain the key. */
    @Override
    public String toString() {
        return "PresentedKey";
    }

    /**
     * Returns the only value of a header. Returns an empty text, which is no key, for several values, because a proxy
     * may have checked another one.
     */
    private static String theOnly(List<String> values) {
        return values.size() == 1 ? values.get(0) : "";
    }

    private static String fromAuthorization(String header) {
        int space = header.indexOf(' ');
        String scheme = (space < 0 ? header : header.substring(0, space)).toLowerCase(Locale.ROOT);
        String value = space < 0 ? "" : header.substring(space + 1);
        return switch (scheme) {
            case "bearer" -> value;
            case "basic" -> fromBasic(value);
            default -> "";
        };
    }

    /**
     * Returns the password, or the user name if the password is empty, as in {@code https://{key}@host}; empty if
     * malformed.
     */
    private static String fromBasic(String credentials) {
        try {
            String decoded = new String(Base64.getDecoder().decode(credentials.strip()), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            if (colon < 0) {
                return "";
            }
            String password = decoded.substring(colon + 1);
            return password.isEmpty() ? decoded.substring(0, colon) : password;
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
