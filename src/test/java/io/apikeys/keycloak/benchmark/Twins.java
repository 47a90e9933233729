package io.apikeys.keycloak.benchmark;

import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.ProductionKeycloak;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The same Keycloak with this extension and without it. */
record Twins(ProductionKeycloak with, ProductionKeycloak without) {

    static final String WITH = "with the extension";
    static final String WITHOUT = "without";

    static Twins build() throws IOException, InterruptedException {
        Path jar = Path.of(KeycloakServer.required("keycloak.extension.jar"));
        return new Twins(
                ProductionKeycloak.build("keycloak-with", List.of(jar)),
                ProductionKeycloak.build("keycloak-without", List.of()));
    }
}
