package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.ApiKeysPath;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Bounds what is read of a request to {@link KeyRevocationResource}, which anybody may send, before Keycloak reads its form. */
@Provider
public final class RevocationBody implements ContainerRequestFilter {

    private static final int MAX_BYTES = 64 * 1024;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        if (!HttpMethod.POST.equals(request.getMethod())
                || ApiKeysPath.of(request.getUriInfo().getPath())
                        .filter(path -> path.isAtOrBelow("revoke"))
                        .isEmpty()) {
            return;
        }
        if (request.getLength() > MAX_BYTES) {
            request.abortWith(ApiErrors.tooLarge(MAX_BYTES).getResponse());
            return;
        }
        // Its length need not be said (chunked), or be true.
        byte[] body = request.getEntityStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            request.abortWith(ApiErrors.tooLarge(MAX_BYTES).getResponse());
        } else {
            request.setEntityStream(new ByteArrayInputStream(body));
        }
    }
}
