package io.apikeys.keycloak.support;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A program that signs its users in over OIDC: a public client with the code flow and PKCE. */
public final class App {

    /** Of every program but the demo's. */
    static final String REDIRECT_URI = "http://127.0.0.1:1/callback";

    private final String realm;
    private final String clientId;
    private final String redirectUri;
    private final String secret;
    private final DpopKey dpop;
    private final Http http = new Http();
    private final String verifier = UUID.randomUUID() + UUID.randomUUID().toString();

    App(String realm, String clientId, String redirectUri) {
        this(realm, clientId, redirectUri, null);
    }

    /** @param secret null for a public client */
    App(String realm, String clientId, String redirectUri, String secret) {
        this(realm, clientId, redirectUri, secret, null);
    }

    private App(String realm, String clientId, String redirectUri, String secret, DpopKey dpop) {
        this.realm = realm;
        this.clientId = clientId;
        this.redirectUri = redirectUri;
        this.secret = secret;
        this.dpop = dpop;
    }

    /** This program with a key pair that it proves to have whenever it asks for tokens. */
    public App provingThatItHas(DpopKey key) {
        return new App(realm, clientId, redirectUri, secret, key);
    }

    /** What the token endpoint answers. */
    public record Tokens(int status, HttpHeaders headers, JsonNode body) {

        public String access() {
            return body.path("access_token").textValue();
        }

        public String id() {
            return body.path("id_token").textValue();
        }

        public String refresh() {
            return body.path("refresh_token").textValue();
        }

        public String error() {
            return Json.text(body, "error");
        }

        public String errorDescription() {
            return Json.text(body, "error_description");
        }

        public Claims accessClaims() {
            return claims("access_token");
        }

        public Claims idClaims() {
            return claims("id_token");
        }

        private Claims claims(String token) {
            if (!body.has(token)) {
                throw new AssertionError("No " + token + ": " + status + " " + body);
            }
            return Claims.of(body.get(token).textValue());
        }
    }

    /** Opens the login page, or what comes instead when there is a session. */
    public Page logIn(Browser browser) {
        return logIn(browser, Map.of());
    }

    /** Does so with further parameters of the authorization request, such as {@code prompt}. */
    public Page logIn(Browser browser, Map<String, String> more) {
        return browser.open(authorizationUri(more));
    }

    public URI authorizationUri(Map<String, String> more) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "client_id", clientId,
                "response_type", "code",
                "scope", "openid",
                "state", "some-state",
                "redirect_uri", redirectUri,
                "code_challenge", challenge(),
                "code_challenge_method", "S256"));
        parameters.putAll(more);
        return protocol("auth?" + Http.query(parameters));
    }

    /** Exchanges the code that the browser was sent back with. */
    public Tokens tokens(Page callback) {
        return token(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                callback.parameter("code"),
                "redirect_uri",
                redirectUri,
                "code_verifier",
                verifier));
    }

    public Tokens refresh(Tokens tokens) {
        return token(Map.of("grant_type", "refresh_token", "refresh_token", tokens.refresh()));
    }

    public Tokens passwordGrant(String username, String password) {
        return token(Map.of("grant_type", "password", "username", username, "password", password, "scope", "openid"));
    }

    /** A password grant with whatever parameters. */
    public Tokens directGrant(Map<String, String> parameters) {
        Map<String, String> form = new LinkedHashMap<>(parameters);
        form.put("grant_type", "password");
        return token(form);
    }

    /** The device authorization grant (RFC 8628): what a device shows to its user. */
    public JsonNode askForDeviceCode() {
        return answer(Http.post(
                        protocol("auth/device"),
                        Map.of(
                                "client_id",
                                clientId,
                                "scope",
                                "openid",
                                "code_challenge",
                                challenge(),
                                "code_challenge_method",
                                "S256")))
                .body();
    }

    public Tokens tokensOfDevice(JsonNode device) {
        return token(Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:device_code",
                "device_code",
                device.get("device_code").textValue(),
                "code_verifier",
                verifier));
    }

    public Tokens clientCredentialsGrant() {
        return token(Map.of("grant_type", "client_credentials"));
    }

    /** Token exchange (RFC 8693) of a key. */
    public Tokens exchange(String key) {
        return exchange(key, Map.of());
    }

    public Tokens exchange(String key, Map<String, String> more) {
        return exchange(key, "urn:keycloak:token-type:api-key", more);
    }

    /** Token exchange of an access token, which may be another client's. */
    public Tokens exchangeToken(String accessToken, Map<String, String> more) {
        return exchange(accessToken, "urn:ietf:params:oauth:token-type:access_token", more);
    }

    private Tokens exchange(String subject, String type, Map<String, String> more) {
        Map<String, String> form = new LinkedHashMap<>(more);
        form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        form.put("subject_token", subject);
        form.put("subject_token_type", type);
        return token(form);
    }

    /** A token with what this program's authorization services allow to the bearer of another (User-Managed Access). */
    public Tokens permissions(String accessToken) {
        Map<String, String> form =
                Map.of("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket", "audience", clientId);
        return tokens(Http.post(protocol("token"), form).header("Authorization", "Bearer " + accessToken));
    }

    /** What the token endpoint answers to a form of a test's own. */
    public Tokens tokenRequest(Map<String, String> form) {
        return token(form);
    }

    /** The status that userinfo answers an access token with. */
    public int userinfo(Tokens tokens) {
        return userinfo(tokens.access()).status();
    }

    /** What an endpoint answers in JSON. */
    public record Answer(int status, JsonNode body) {

        public Claims claims() {
            return new Claims(body);
        }
    }

    public Answer userinfo(String accessToken) {
        return answer(Http.request(protocol("userinfo")).header("Authorization", "Bearer " + accessToken));
    }

    /** Userinfo with the token in the form, as RFC 6750 allows. */
    public Answer userinfoByForm(String accessToken) {
        return answer(Http.post(protocol("userinfo"), Map.of("access_token", accessToken)));
    }

    private Answer answer(HttpRequest.Builder request) {
        HttpResponse<String> response = http.send(request);
        return new Answer(response.statusCode(), Json.read(response.body()));
    }

    public Page logOut(Browser browser, Tokens tokens) {
        return browser.open(protocol("logout?" + Http.query(Map.of("id_token_hint", tokens.id()))));
    }

    private Tokens token(Map<String, String> form) {
        Map<String, String> parameters = new LinkedHashMap<>(form);
        parameters.put("client_id", clientId);
        if (secret != null) {
            parameters.put("client_secret", secret);
        }
        URI endpoint = protocol("token");
        HttpRequest.Builder request = Http.post(endpoint, parameters);
        if (dpop != null) {
            request.header("DPoP", dpop.proof("POST", endpoint));
        }
        return tokens(request);
    }

    private Tokens tokens(HttpRequest.Builder request) {
        HttpResponse<String> response = http.send(request);
        return new Tokens(response.statusCode(), response.headers(), Json.read(response.body()));
    }

    private URI protocol(String endpoint) {
        return KeycloakServer.running().uri("/realms/" + realm + "/protocol/openid-connect/" + endpoint);
    }

    private String challenge() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
