package io.apikeys.keycloak.rest.api;

import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param first the number of entries before the page
 * @param max the largest number of entries on the page
 */
public record Page(int first, int max) {

    private static final int DEFAULT = 100;
    private static final int MOST = 1000;

    /**
     * Reads a page from query parameters. Jakarta REST would answer a value that is not a number with an empty 404.
     *
     * @param first null for 0
     * @param max null for {@value #DEFAULT}; more than {@value #MOST} counts as {@value #MOST}
     */
    public static Page of(@Nullable String first, @Nullable String max) {
        return new Page(notNegative("first", first, 0), Math.min(MOST, notNegative("max", max, DEFAULT)));
    }

    private static int notNegative(String parameter, @Nullable String value, int whenAbsent) {
        if (value == null) {
            return whenAbsent;
        }
        if (!value.matches("\\d{1,9}")) {
            throw ApiErrors.badRequest(parameter, "Must be a whole number from 0 to 999999999.");
        }
        return Integer.parseInt(value);
    }
}
