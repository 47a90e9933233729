package io.apikeys.keycloak.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Programs that a test runs to their end. */
public final class Shell {

    private Shell() {}

    public record Result(int exitCode, String output) {}

    public static Result run(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
