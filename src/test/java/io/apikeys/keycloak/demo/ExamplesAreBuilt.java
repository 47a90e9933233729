package io.apikeys.keycloak.demo;

import io.apikeys.keycloak.support.KeycloakServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Looks for the programs in {@code examples/}. Where one is not built, the class is skipped, or fails with {@code -Dbrowser.required=true}.
 */
final class ExamplesAreBuilt implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Path> missing = Stream.of(ExamplePrograms.DASHBOARD, ExamplePrograms.REPORTS_API)
                .filter(jar -> !Files.exists(jar))
                .findFirst();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("The programs are there");
        }
        Path example = missing.get().getParent().getParent();
        String message = missing.get() + " is missing; mvn -f " + example + "/pom.xml package builds it.";
        if (Boolean.parseBoolean(KeycloakServer.required("browser.required"))) {
            throw new IllegalStateException(message);
        }
        System.err.println(context.getDisplayName() + " is skipped: " + message);
        return ConditionEvaluationResult.disabled(message);
    }
}
