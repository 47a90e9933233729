package io.apikeys.keycloak.rest.ui;

import io.apikeys.keycloak.rest.api.ApiErrors;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import org.keycloak.services.cors.Cors;

/**
 * Serves the modules of the page, to anybody. They are the same for everybody and hold no data, so any page may load them,
 * as it may load the texts and styles of Keycloak's themes. What they then ask the REST API for takes a token, and there only
 * the web origins of the token's client are allowed. To look for an origin among those of all clients would make each request
 * of somebody without a login read all clients of the realm.
 */
public final class UiResource {

    @GET
    @Path("{module}")
    public Response get(@PathParam("module") String name, @Context Request request) {
        Cors.builder().allowAllOrigins().add();

        UiModule module = UiModule.ALL.get(name);
        if (module == null) {
            throw ApiErrors.notFound("There is no such module.");
        }
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(module.tag());
        Response.ResponseBuilder answer = unchanged == null
                ? Response.ok(module.content(), "text/javascript; charset=utf-8")
                        .header("X-Content-Type-Options", "nosniff")
                : unchanged;
        return answer.tag(module.tag())
                .cacheControl(revalidated())
                .header(HttpHeaders.VARY, "Origin")
                .build();
    }

    /** Has browsers ask every time, so that a new version of the extension is seen at once. */
    private static CacheControl revalidated() {
        CacheControl control = new CacheControl();
        control.setNoCache(true);
        control.setNoTransform(false);
        return control;
    }
}
