package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.verify.Verification.OverLimit;
import io.apikeys.keycloak.verify.Verification.Refused;
import jakarta.ws.rs.core.HttpHeaders;
import org.keycloak.models.KeycloakSession;

/** Header {@code Retry-After} for answers whose status OAuth fixes, so that it cannot be 429 (RFC 6749, section 5.2). */
public final class RetryAfter {

    private RetryAfter() {}

    /** Adds the header to the response if a key is refused for its limits and can be used again later. */
    public static void announce(KeycloakSession session, Refused refused) {
        if (refused instanceof OverLimit limited) {
            limited.allowance()
                    .retryAfterSeconds()
                    .ifPresent(seconds -> session.getContext()
                            .getHttpResponse()
                            .setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds)));
        }
    }
}
