package io.apikeys.keycloak.support;

import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What Keycloak can do only where it was told to ({@code -Dkeycloak.features}). */
public enum Feature {
    SCIM("scim-api", "preview"),
    LEGACY_TOKEN_EXCHANGE("token-exchange", "preview"),
    ADMIN_PERMISSIONS_V1("admin-fine-grained-authz:v1");

    private final String names;

    Feature(String... names) {
        this.names = String.join(",", names);
    }

    public boolean isOn() {
        List<String> on = List.of(System.getProperty("keycloak.features", "").split(",", -1));
        return List.of(names.split(",", -1)).stream().anyMatch(on::contains);
    }

    /** Skips a test, with the reason, where the server cannot do this. */
    public void require() {
        Assumptions.assumeTrue(isOn(), this + " is off; run with -Dkeycloak.features= and one of " + names);
    }
}
