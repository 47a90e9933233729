package io.apikeys.keycloak.internals.token;

import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.endpoints.UserInfoEndpoint;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * Serves userinfo for tokens issued with a key: Keycloak's own endpoint with {@link KeyTokenManager}, for which
 * Keycloak has no extension point. The endpoint verifies the token; this filter only reads it.
 */
@Provider
public final class KeyUserInfoFilter implements ContainerRequestFilter {

    private static final String ENDPOINT = "userinfo";

    /**
     * In bytes, far more than any token needs. A longer form is refused, because a token could follow after the part
     * read here.
     */
    private static final int LONGEST_FORM = 64 * 1024;

    private static final Pattern PATH =
            Pattern.compile(".*/realms/[^/]+/+protocol/+openid-connect/+" + ENDPOINT + "/*");

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        boolean post = HttpMethod.POST.equals(request.getMethod());
        if ((!post && !HttpMethod.GET.equals(request.getMethod()))
                || !request.getUriInfo().getPath().contains(ENDPOINT)
                || !PATH.matcher("/" + request.getUriInfo().getPath()).matches()) {
            return;
        }
        KeycloakSession session = KeycloakSessionUtil.getKeycloakSession();
        Optional<String> inHeader = inHeader(session);
        if (inHeader.isEmpty() && post) {
            answerForm(request, session);
        } else if (inHeader.filter(KeySession::saysOfKey).isPresent()) {
            request.abortWith(answer(session));
        }
    }

    /**
     * Reads the token from the form, which is still unread at this point, and passes it to the endpoint in the header.
     */
    private static void answerForm(ContainerRequestContext request, KeycloakSession session) throws IOException {
        if (hasOtherCharset(request.getMediaType())) {
            // The endpoint would read a token where this filter sees none.
            request.abortWith(Response.status(Status.UNSUPPORTED_MEDIA_TYPE)
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .build());
            return;
        }
        byte[] body = request.getEntityStream().readNBytes(LONGEST_FORM + 1);
        if (body.length > LONGEST_FORM) {
            request.abortWith(Response.status(Status.REQUEST_ENTITY_TOO_LARGE)
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .build());
            return;
        }
        request.setEntityStream(new ByteArrayInputStream(body));
        token(body).filter(KeySession::saysOfKey).ifPresent(token -> {
            request.getHeaders().putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + token);
            request.abortWith(answer(session));
        });
    }

    private static boolean hasOtherCharset(MediaType type) {
        String charset = type == null ? null : type.getParameters().get(MediaType.CHARSET_PARAMETER);
        return charset != null && !charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("us-ascii");
    }

    private static Response answer(KeycloakSession session) {
        return new UserInfoEndpoint(session, new KeyTokenManager()).issueUserInfoGet();
    }

    private static Optional<String> inHeader(KeycloakSession session) {
        return Optional.ofNullable(AppAuthManager.extractAuthorizationHeaderTokenOrReturnNull(
                        session.getContext().getHttpRequest().getHttpHeaders()))
                .map(AppAuthManager.AuthHeader::getToken);
    }

    private static Optional<String> token(byte[] form) {
        return Arrays.stream(new String(form, StandardCharsets.ISO_8859_1).split("&", -1))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2 && OAuth2Constants.ACCESS_TOKEN.equals(decoded(pair[0])))
                .map(pair -> decoded(pair[1]))
                .findFirst();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
