package io.apikeys.keycloak.rest;

import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.keycloak.services.cors.Cors;

/** Answers the question that browsers ask before a request; like Keycloak's own, which does not know {@code PATCH}. */
public final class CorsPreflight {

    static final String[] METHODS = {"GET", "POST", "PATCH", "DELETE"};

    @OPTIONS
    @Path("{any:.*}")
    public Response preflight() {
        return Cors.builder().preflight().allowedMethods(METHODS).auth().add(Response.ok());
    }
}
