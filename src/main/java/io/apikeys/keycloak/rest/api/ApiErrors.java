package io.apikeys.keycloak.rest.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.policy.RealmPolicy;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;
import org.keycloak.services.ErrorResponseException;

/**
 * The errors of this API, in the format of Keycloak's {@code ErrorRepresentation} without its null members. Throwing
 * one rolls the transaction back ({@link ErrorResponseException#getResponse()}).
 */
public final class ApiErrors {

    private ApiErrors() {}

    /**
     * Returns an error in the request.
     *
     * @param field the field or query parameter that is wrong; null if the request as a whole is
     */
    public static ErrorResponseException badRequest(@Nullable String field, String message) {
        return error(Status.BAD_REQUEST, field, message);
    }

    public static ErrorResponseException conflict(@Nullable String field, String message) {
        return error(Status.CONFLICT, field, message);
    }

    public static ErrorResponseException of(InvalidKeyException invalid) {
        Status status = switch (invalid.kind()) {
            case INVALID -> Status.BAD_REQUEST;
            case FORBIDDEN -> Status.FORBIDDEN;
            case GONE -> Status.NOT_FOUND;
            case CONFLICT -> Status.CONFLICT;
        };
        return error(status, invalid.field(), invalid.getMessage());
    }

    public static ErrorResponseException unauthorized() {
        return unauthorized("A valid bearer token is required.");
    }

    public static ErrorResponseException unauthorized(String message) {
        return new ErrorResponseException(response(Status.UNAUTHORIZED, new ErrorBody(message, null))
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build());
    }

    /**
     * Returns an error for a request that requires a more recent login. It makes the client send the user to the login
     * page again (RFC 9470).
     */
    public static ErrorResponseException loginTooOld(int maxAge) {
        String message = "This requires a login within the last " + maxAge + " seconds. Sign in again.";
        return new ErrorResponseException(response(Status.UNAUTHORIZED, new ErrorBody(message, null))
                .header(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer error=\"insufficient_user_authentication\", error_description=\"" + message
                                + "\", max_age=\"" + maxAge + "\"")
                .build());
    }

    public static ErrorResponseException forbidden(String message) {
        return error(Status.FORBIDDEN, null, message);
    }

    /**
     * Checks that keys are enabled in a realm.
     *
     * @throws ErrorResponseException if they are not
     */
    public static void requireKeysEnabled(RealmModel realm) {
        if (!RealmPolicy.enabled(realm)) {
            throw forbidden("API keys are not enabled in this realm.");
        }
    }

    /** Returns the policy of a realm; throws an error if it cannot be read. */
    public static RealmPolicy requireReadablePolicy(RealmModel realm) {
        RealmPolicy policy = RealmPolicy.of(realm);
        try {
            policy.requireReadable();
        } catch (InvalidKeyException unreadable) {
            throw of(unreadable);
        }
        return policy;
    }

    public static ErrorResponseException tooMany(String message) {
        return error(Status.TOO_MANY_REQUESTS, null, message);
    }

    public static ErrorResponseException unavailable(String message) {
        return error(Status.SERVICE_UNAVAILABLE, null, message);
    }

    public static ErrorResponseException notFound(String message) {
        return error(Status.NOT_FOUND, null, message);
    }

    public static ErrorResponseException tooLarge(int limit) {
        return error(Status.REQUEST_ENTITY_TOO_LARGE, null, "The body may have at most " + limit + " bytes.");
    }

    private static ErrorResponseException error(Status status, @Nullable String field, String message) {
        return new Single(status, new ErrorBody(message, field));
    }

    /** An error that can be one of several answers, because reading it does not roll the transaction back. */
    public static final class Single extends ErrorResponseException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final transient ErrorBody error;

        private Single(Status status, ErrorBody error) {
            super(response(status, error).build());
            this.status = status.getStatusCode();
            this.error = error;
        }

        public int status() {
            return status;
        }

        public ErrorBody error() {
            return error;
        }
    }

    private static Response.ResponseBuilder response(Status status, ErrorBody error) {
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(error);
    }

    /**
     * The body of an error response.
     *
     * @param field null if the request as a whole is wrong
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ErrorBody(String errorMessage, @Nullable String field) {}
}
