package io.apikeys.keycloak.rest.api;

/**
 * Which part of a list is asked for.
 *
 * @param first how many to leave out
 * @param max how many to answer with
 */
public record Page(int first, int max) {

    private static final int DEFAULT = 100;
    private static final int MOST = 1000;

    /**
     * Read here and not by Jakarta REST, which would answer a word in place of a number with an empty 404.
     *
     * @param first null for 0
     * @param max null for {@value #DEFAULT}; more than {@value #MOST} is {@value #MOST}
     */
    public static Page of(String first, String max) {
        return new Page(notNegative("first", first, 0), Math.min(MOST, notNegative("max", max, DEFAULT)));
    }

    private static int notNegative(String parameter, String value, int whenAbsent) {
        if (value == null) {
            return whenAbsent;
        }
        if (!value.matches("\\d{1,9}")) {
            throw ApiErrors.badRequest(parameter, "Must be a whole number from 0 to 999999999.");
        }
        return Integer.parseInt(value);
    }
}
