package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.ApiKeysPath;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Limits how much of a request to {@link KeyRevocationResource} is read, before Keycloak reads its form, because
 * anybody may send such a request.
 */
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
        // The declared length may be missing, as in chunked encoding, or wrong.
        byte[] body = request.getEntityStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            request.abortWith(ApiErrors.tooLarge(MAX_BYTES).getResponse());
        } else {
            request.setEntityStream(new ByteArrayInputStream(body));
        }
    }
}
