package io.apikeys.keycloak.rest.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads the times in requests, which are ISO-8601 with an offset. */
public final class IsoTime {

    private IsoTime() {}

    /**
     * Reads a time, if there is a text.
     *
     * @param where the field or query parameter, for the error
     */
    public static @Nullable Instant read(String where, @Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            throw ApiErrors.badRequest(where, "Must be an ISO-8601 time with an offset, such as 2027-01-31T12:00:00Z.");
        }
    }
}
