package io.apikeys.keycloak.rest.account;

import io.apikeys.keycloak.internals.rest.AccountBearer;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** Answers CORS preflight requests. */
public final class CorsPreflight {

    @OPTIONS
    @Path("{any:.*}")
    public Response preflight() {
        return AccountBearer.preflight();
    }
}
