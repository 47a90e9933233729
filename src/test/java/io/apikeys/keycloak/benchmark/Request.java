package io.apikeys.keycloak.benchmark;

import java.util.List;

/**
 * A request that a server is loaded with.
 *
 * @param headers each as {@code Name: value}
 * @param form null for a GET
 */
record Request(String url, List<String> headers, String form) {

    static Request get(String url, String... headers) {
        return new Request(url, List.of(headers), null);
    }

    /** Returns its URL, without the headers: these hold keys. */
    @Override
    public String toString() {
        return url;
    }
}
