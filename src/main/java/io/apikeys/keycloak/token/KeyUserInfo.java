package io.apikeys.keycloak.token;

import io.apikeys.keycloak.session.KeySession;
import io.apikeys.keycloak.session.KeyTokenManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
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
 * Userinfo for tokens that were issued on a key: Keycloak's own endpoint, with {@link KeyTokenManager} in place of its
 * token manager, for which there is no extension point. It verifies the token; here it is only looked at.
 */
@Provider
public final class KeyUserInfo implements ContainerRequestFilter {

    private static final String ENDPOINT = "userinfo";

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
        Optional<String> inForm = post && inHeader.isEmpty() ? inForm(request) : Optional.empty();
        if (inHeader.or(() -> inForm).filter(KeyUserInfo::isOfKey).isPresent()) {
            // Before a resource method is called, nobody has read the form; the endpoint finds the token in the header.
            inForm.ifPresent(token -> request.getHeaders().putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + token));
            request.abortWith(new UserInfoEndpoint(session, new KeyTokenManager()).issueUserInfoGet());
        }
    }

    private static Optional<String> inHeader(KeycloakSession session) {
        return Optional.ofNullable(AppAuthManager.extractAuthorizationHeaderTokenOrReturnNull(
                        session.getContext().getHttpRequest().getHttpHeaders()))
                .map(AppAuthManager.AuthHeader::getToken);
    }

    /** Leaves the body to be read again. */
    private static Optional<String> inForm(ContainerRequestContext request) throws IOException {
        byte[] body = request.getEntityStream().readAllBytes();
        request.setEntityStream(new ByteArrayInputStream(body));
        return Arrays.stream(new String(body, StandardCharsets.ISO_8859_1).split("&", -1))
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

    private static boolean isOfKey(String token) {
        return KeySession.unverified(token).flatMap(KeySession::keyId).isPresent();
    }
}
