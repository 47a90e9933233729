package io.apikeys.keycloak.holder;

import static java.util.function.Predicate.not;

import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.representations.AccessToken;

/** The tokens in a request, needed where Keycloak creates a transient session for one of them without saying which. */
public final class PresentedTokens {

    /** The start of every Keycloak token: the encoded start of a JSON object. */
    private static final String START = "eyJ";

    private static final Pattern BETWEEN = Pattern.compile("[\\s,]+");

    private PresentedTokens() {}

    /**
     * Returns the tokens in header {@code Authorization}, with any scheme, and in a form, if this realm signed them and
     * they were issued with a key. A token from any other issuer could name any key.
     */
    public static Stream<AccessToken> ofKeys(KeycloakSession session) {
        HttpRequest request = session.getContext().getHttpRequest();
        if (request == null) {
            return Stream.empty();
        }
        return in(request)
                .filter(presented -> KeySession.isOfKey(presented.token()))
                .filter(presented -> session.tokens().decode(presented.text(), AccessToken.class) != null)
                .map(Presented::token);
    }

    /**
     * Returns whether a request presents a token of this session that was issued with a key other than the session's
     * current one, or before its key was last restricted. The signature is not checked: a request with such a token
     * finds no session.
     */
    public static boolean areOutdated(KeycloakSession session, UserSessionModel userSession) {
        HttpRequest request = session.getContext().getHttpRequest();
        String keyId = KeySession.keyId(userSession).orElse(null);
        return keyId != null
                && request != null
                && in(request)
                        .map(Presented::token)
                        .filter(token -> userSession.getId().equals(token.getSessionId()))
                        .anyMatch(token -> KeySession.keyId(token)
                                        .filter(not(keyId::equals))
                                        .isPresent()
                                || KeySession.isOutdated(token, userSession.getUser()));
    }

    private static Stream<Presented> in(HttpRequest request) {
        List<String> texts = new ArrayList<>();
        List<String> headers = request.getHttpHeaders().getRequestHeader(HttpHeaders.AUTHORIZATION);
        if (headers != null) {
            addThoseWithTokens(headers, texts);
        }
        if (request.getDecodedFormParameters() != null) {
            request.getDecodedFormParameters().forEach((name, values) -> {
                // A hint only names a session, for example to log out, and gives no access to it.
                if (!name.equals(OIDCLoginProtocol.ID_TOKEN_HINT)) {
                    addThoseWithTokens(values, texts);
                }
            });
        }
        return texts.isEmpty() ? Stream.empty() : texts.stream().flatMap(PresentedTokens::in);
    }

    /**
     * Adds the texts that may contain tokens. Uses a loop, because it runs for most requests and usually finds nothing.
     */
    private static void addThoseWithTokens(List<String> from, List<String> texts) {
        for (String text : from) {
            if (text != null && text.contains(START)) {
                texts.add(text);
            }
        }
    }

    /** Returns the tokens in a text, with or without a scheme, without checking their signatures. */
    public static Stream<Presented> in(String text) {
        if (!text.contains(START)) {
            return Stream.empty();
        }
        return BETWEEN.splitAsStream(text)
                .filter(part -> part.startsWith(START))
                .flatMap(part -> KeySession.unverified(part).map(token -> new Presented(part, token)).stream());
    }

    /**
     * A token in a request.
     *
     * @param text the token as sent
     * @param token its content
     */
    public record Presented(String text, AccessToken token) {}
}
