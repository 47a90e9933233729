package io.apikeys.keycloak.internals.session;

import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.PathSegment;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.http.FormPartValue;
import org.keycloak.http.HttpRequest;

/**
 * A substitute for the request that opened a session, of which only the address of this server is known. A logout
 * without a request, after a key has expired, takes the issuer of its logout tokens from it.
 *
 * @param base the base URI at which this server was reached
 */
record OpeningRequest(URI base) implements HttpRequest {

    @Override
    public String getHttpMethod() {
        return "POST";
    }

    @Override
    public MultivaluedMap<String, String> getDecodedFormParameters() {
        return new MultivaluedHashMap<>();
    }

    @Override
    public MultivaluedMap<String, FormPartValue> getMultiPartFormParameters() {
        return new MultivaluedHashMap<>();
    }

    @Override
    public HttpHeaders getHttpHeaders() {
        return new NoHeaders();
    }

    @Override
    public X509Certificate[] getClientCertificateChain() {
        return new X509Certificate[0];
    }

    @Override
    public UriInfo getUri() {
        return new BaseUri(base);
    }

    @Override
    public boolean isProxyTrusted() {
        return false;
    }

    private record NoHeaders() implements HttpHeaders {

        @Override
        public List<String> getRequestHeader(String name) {
            return List.of();
        }

        /** Returns null, as JAX-RS specifies for a missing header. */
        @Override
        public @Nullable String getHeaderString(String name) {
            return null;
        }

        @Override
        public MultivaluedMap<String, String> getRequestHeaders() {
            return new MultivaluedHashMap<>();
        }

        @Override
        public List<MediaType> getAcceptableMediaTypes() {
            return List.of(MediaType.WILDCARD_TYPE);
        }

        @Override
        public List<Locale> getAcceptableLanguages() {
            return List.of();
        }

        /** Returns null: the request has no body. */
        @Override
        public @Nullable MediaType getMediaType() {
            return null;
        }

        /** Returns null: the request has no body. */
        @Override
        public @Nullable Locale getLanguage() {
            return null;
        }

        @Override
        public Map<String, Cookie> getCookies() {
            return Map.of();
        }

        /** Returns null: the request has no date. */
        @Override
        public @Nullable Date getDate() {
            return null;
        }

        @Override
        public int getLength() {
            return -1;
        }
    }

    private record BaseUri(URI base) implements UriInfo {

        @Override
        public String getPath() {
            return "";
        }

        @Override
        public String getPath(boolean decode) {
            return "";
        }

        @Override
        public List<PathSegment> getPathSegments() {
            return List.of();
        }

        @Override
        public List<PathSegment> getPathSegments(boolean decode) {
            return List.of();
        }

        @Override
        public URI getRequestUri() {
            return base;
        }

        @Override
        public UriBuilder getRequestUriBuilder() {
            return UriBuilder.fromUri(base);
        }

        @Override
        public URI getAbsolutePath() {
            return base;
        }

        @Override
        public UriBuilder getAbsolutePathBuilder() {
            return UriBuilder.fromUri(base);
        }

        @Override
        public URI getBaseUri() {
            return base;
        }

        @Override
        public UriBuilder getBaseUriBuilder() {
            return UriBuilder.fromUri(base);
        }

        @Override
        public MultivaluedMap<String, String> getPathParameters() {
            return new MultivaluedHashMap<>();
        }

        @Override
        public MultivaluedMap<String, String> getPathParameters(boolean decode) {
            return new MultivaluedHashMap<>();
        }

        @Override
        public MultivaluedMap<String, String> getQueryParameters() {
            return new MultivaluedHashMap<>();
        }

        @Override
        public MultivaluedMap<String, String> getQueryParameters(boolean decode) {
            return new MultivaluedHashMap<>();
        }

        @Override
        public List<String> getMatchedURIs() {
            return List.of();
        }

        @Override
        public List<String> getMatchedURIs(boolean decode) {
            return List.of();
        }

        @Override
        public List<Object> getMatchedResources() {
            return List.of();
        }

        @Override
        public URI resolve(URI uri) {
            return base.resolve(uri);
        }

        @Override
        public URI relativize(URI uri) {
            return base.relativize(uri);
        }
    }
}
