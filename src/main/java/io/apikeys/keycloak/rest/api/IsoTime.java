package io.apikeys.keycloak.rest.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A time as requests write it: ISO-8601 with an offset. */
public final class IsoTime {

    private IsoTime() {}

    /**
     * Reads a time.
     *
     * @param where the field or query parameter, for the error
     * @param text may be null
     * @return null for null
     */
    public static Instant read(String where, String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            throw ApiErrors.badRequest(where, "Must be an ISO-8601 time with an offset, such as 2027-01-31T12:00:00Z.");
        }
    }
}
