package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.credential.InvalidKeyException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.LinkedHashMap;
import java.util.Map;
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
        return new ErrorResponseException(response(Status.UNAUTHORIZED, null, "A valid bearer token is needed.")
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
        return new ErrorResponseException(response(status, field, message).build());
    }

    private static Response.ResponseBuilder response(Status status, String field, String message) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("errorMessage", message);
        if (field != null) {
            body.put("field", field);
        }
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(body);
    }
}
