package io.apikeys.keycloak.demo;

/** What went wrong, in words for whoever started the demo. */
final class DemoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }
}
