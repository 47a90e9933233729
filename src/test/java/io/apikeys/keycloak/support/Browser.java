package io.apikeys.keycloak.support;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.jsoup.Jsoup;

/** A browser without script: cookies, redirects and forms. Stops where a redirect leaves Keycloak. */
public final class Browser {

    private final CookieManager cookies = new LoopbackCookies();
    private final Http http = new Http(cookies);
    private String language = "en";

    public Page open(URI uri) {
        return follow(Http.request(uri), uri);
    }

    public void speak(String language) {
        this.language = language;
    }

    /** Whether Keycloak has given this browser the cookie of a session. */
    public boolean hasSession() {
        return cookies.getCookieStore().getCookies().stream()
                .anyMatch(cookie -> cookie.getName().equals("KEYCLOAK_IDENTITY"));
    }

    /** Brings the cookies of another browser's session into this one, without those of its logins. */
    public void takeSessionOf(Browser other) {
        other.cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().startsWith("KEYCLOAK_"))
                .forEach(cookie -> cookies.getCookieStore().add(null, cookie));
    }

    /** Sends a request that is not a page's, and keeps the cookies of the answer. */
    void send(HttpRequest.Builder request) {
        int status = http.send(request).statusCode();
        if (status != 200) {
            throw new AssertionError("It answered " + status);
        }
    }

    Page post(URI uri, Map<String, String> form) {
        return follow(Http.post(uri, form), uri);
    }

    private Page follow(HttpRequest.Builder first, URI firstUri) {
        HttpRequest.Builder request = first;
        URI uri = firstUri;
        for (int hop = 0; hop < 20; hop++) {
            HttpResponse<String> response =
                    http.send(request.header("Accept-Language", language).header("Accept", "text/html"));
            if (response.statusCode() / 100 != 3) {
                return new Page(this, uri, response.statusCode(), Jsoup.parse(response.body(), uri.toString()));
            }
            uri = uri.resolve(response.headers().firstValue("Location").orElseThrow());
            if (!uri.toString().startsWith(KeycloakServer.running().url())) {
                return new Page(this, uri, response.statusCode(), Jsoup.parse(""));
            }
            request = Http.request(uri);
        }
        throw new AssertionError("too many redirects, the last to " + uri);
    }

    /** Keycloak marks its cookies Secure on loopback, where browsers send those over plain HTTP too; Java does not. */
    private static final class LoopbackCookies extends CookieManager {

        LoopbackCookies() {
            super(null, CookiePolicy.ACCEPT_ALL);
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            Map<String, List<String>> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (Entry<String, List<String>> header : headers.entrySet()) {
                changed.put(
                        header.getKey(),
                        header.getValue().stream()
                                .map(value -> value.replaceAll("(?i);\\s*secure", ""))
                                .toList());
            }
            super.put(uri, changed);
        }
    }
}
