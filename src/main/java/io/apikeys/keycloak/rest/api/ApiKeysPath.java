package io.apikeys.keycloak.rest.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path below {@code /realms/{realm}/api-keys/}, for filters that run before Keycloak's routing.
 *
 * @param rest the part of the path after {@code /api-keys/}
 */
public record ApiKeysPath(String rest) {

    private static final String NAME = "api-keys";

    /**
     * Matches below the server's own path, if it has one ({@code --http-relative-path}), but not below {@code /admin}.
     */
    private static final Pattern PATH =
            Pattern.compile("(?:/(?!realms/)[^/]+)*+(?<!/admin)/realms/[^/]+/" + NAME + "/(.*)", Pattern.DOTALL);

    private static final Pattern SLASHES = Pattern.compile("/+");

    /** Parses the decoded path of a request; returns empty if it is any other path. */
    public static Optional<ApiKeysPath> of(String path) {
        if (!path.contains(NAME)) {
            return Optional.empty();
        }
        Matcher parts = PATH.matcher(SLASHES.matcher("/" + path).replaceAll("/"));
        return parts.matches() ? Optional.of(new ApiKeysPath(parts.group(1))) : Optional.empty();
    }

    /**
     * Returns whether this path is a segment or lies below it. In doubt the result is true: any character except a
     * letter or a digit ends the segment.
     */
    public boolean isAtOrBelow(String segment) {
        return rest.startsWith(segment)
                && (rest.length() == segment.length() || !Character.isLetterOrDigit(rest.charAt(segment.length())));
    }
}
