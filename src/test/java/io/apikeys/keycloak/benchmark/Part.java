package io.apikeys.keycloak.benchmark;

import java.io.IOException;

/** A part of the benchmark, which can be run alone. */
interface Part {

    Section run() throws IOException, InterruptedException;
}
