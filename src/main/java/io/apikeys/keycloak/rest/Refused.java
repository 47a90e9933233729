package io.apikeys.keycloak.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.apikeys.keycloak.credential.InvalidKeyException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.keycloak.services.ErrorResponseException;

/**
 * The errors of this API, in the shape of Keycloak's {@code ErrorRepresentation} without its nulls. Throwing one rolls
 * the transaction back ({@link ErrorResponseException#getResponse()}).
 */
final class Refused {

    private Refused() {}

    /** @param field the field or query parameter that is wrong; null if it is the whole request */
    static ErrorResponseException badRequest(String field, String message) {
        return error(Status.BAD_REQUEST, field, message);
    }

    static ErrorResponseException conflict(String field, String message) {
        return error(Status.CONFLICT, field, message);
    }

    static ErrorResponseException of(InvalidKeyException invalid) {
        return error(
                invalid.isConflict() ? Status.CONFLICT : Status.BAD_REQUEST, invalid.field(), invalid.getMessage());
    }

    static ErrorResponseException unauthorized() {
        return new ErrorResponseException(
                response(Status.UNAUTHORIZED, new ErrorBody("A valid bearer token is needed.", null))
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                        .build());
    }

    static ErrorResponseException forbidden(String message) {
        return error(Status.FORBIDDEN, null, message);
    }

    static ErrorResponseException notFound(String message) {
        return error(Status.NOT_FOUND, null, message);
    }

    static ErrorResponseException tooLarge(int limit) {
        return error(Status.REQUEST_ENTITY_TOO_LARGE, null, "The body may have " + limit + " bytes at the most.");
    }

    private static ErrorResponseException error(Status status, String field, String message) {
        return new Single(status, new ErrorBody(message, field));
    }

    /** An error that can be looked at without a roll-back of everything, when it is one of several answers. */
    static final class Single extends ErrorResponseException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final transient ErrorBody error;

        private Single(Status status, ErrorBody error) {
            super(response(status, error).build());
            this.status = status.getStatusCode();
            this.error = error;
        }

        int status() {
            return status;
        }

        ErrorBody error() {
            return error;
        }
    }

    private static Response.ResponseBuilder response(Status status, ErrorBody error) {
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(error);
    }

    /**
     * The body of such an answer.
     *
     * @param field null if it is the whole request
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ErrorBody(String errorMessage, String field) {}
}
