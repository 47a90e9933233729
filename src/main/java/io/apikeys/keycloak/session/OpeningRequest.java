package io.apikeys.keycloak.session;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.net.URI;
import org.keycloak.http.HttpRequest;

/**
 * What is left of the request that opened a session: the address at which this server was reached. A logout that no request
 * asks for, because a key has expired, says by it who tells the clients so (the {@code iss} of the logout token).
 */
final class OpeningRequest {

    private OpeningRequest() {}

    /** Answers only what logout asks for. */
    static HttpRequest at(URI base) {
        UriInfo uri = answering(UriInfo.class, (method) -> switch (method) {
            case "getBaseUri", "getRequestUri", "getAbsolutePath" -> base;
            case "getBaseUriBuilder", "getRequestUriBuilder", "getAbsolutePathBuilder" -> UriBuilder.fromUri(base);
            case "getQueryParameters", "getPathParameters" -> new MultivaluedHashMap<>();
            default -> null;
        });
        HttpHeaders headers = answering(
                HttpHeaders.class, method -> method.equals("getRequestHeaders") ? new MultivaluedHashMap<>() : null);
        return answering(HttpRequest.class, method -> switch (method) {
            case "getHttpMethod" -> "POST";
            case "getUri" -> uri;
            case "getHttpHeaders" -> headers;
            case "getDecodedFormParameters", "getMultiPartFormParameters" -> new MultivaluedHashMap<>();
            case "isProxyTrusted" -> false;
            default -> null;
        });
    }

    /** What answers a method by its name. */
    private interface Answers {
        Object to(String method);
    }

    private static <T> T answering(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.to(method.getName())));
    }
}
