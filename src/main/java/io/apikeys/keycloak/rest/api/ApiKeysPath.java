package io.apikeys.keycloak.rest.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path below {@code /realms/{realm}/api-keys/}, for filters, which see it before Keycloak's routing.
 *
 * @param rest what stands behind {@code /api-keys/}
 */
public record ApiKeysPath(String rest) {

    private static final String NAME = "api-keys";

    /** Below the server's own path, if it has one ({@code --http-relative-path}), and not of administration. */
    private static final Pattern PATH =
            Pattern.compile("(?:/(?!realms/)[^/]+)*+(?<!/admin)/realms/[^/]+/" + NAME + "/(.*)", Pattern.DOTALL);

    private static final Pattern SLASHES = Pattern.compile("/+");

    /** Reads a path as a request has it, decoded; nothing if it is another. */
    public static Optional<ApiKeysPath> of(String path) {
        if (!path.contains(NAME)) {
            return Optional.empty();
        }
        Matcher parts = PATH.matcher(SLASHES.matcher("/" + path).replaceAll("/"));
        return parts.matches() ? Optional.of(new ApiKeysPath(parts.group(1))) : Optional.empty();
    }

    /** Rather too often than too seldom: also where something follows that no name would hold. */
    public boolean isAtOrBelow(String segment) {
        return rest.startsWith(segment)
                && (rest.length() == segment.length() || !Character.isLetterOrDigit(rest.charAt(segment.length())));
    }
}
