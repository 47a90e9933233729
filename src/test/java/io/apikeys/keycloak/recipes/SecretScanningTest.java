package io.apikeys.keycloak.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.key.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The patterns of docs/recipes/secret-scanning.md, as they stand there. */
class SecretScanningTest {

    private static final Pattern EXPRESSION =
            Pattern.compile("(?:^|')((?:\\\\b\\()?kck_\\(\\?:.*?\\{49}(?:\\)\\\\b)?)");

    private final SecureRandom random = new SecureRandom();

    @Test
    void everyPatternFindsEveryKey() throws IOException {
        for (Pattern pattern : patterns()) {
            for (int i = 0; i < 1_000; i++) {
                assertFinds(
                        pattern,
                        ApiKey.generate("kck", UUID.randomUUID().toString(), random)
                                .reveal());
                assertFinds(
                        pattern,
                        ApiKey.generate("kck", "f:" + UUID.randomUUID() + ":alice", random)
                                .reveal());
            }
        }
    }

    @Test
    void noPatternFindsAHintOrAnotherText() throws IOException {
        String key =
                ApiKey.generate("kck", UUID.randomUUID().toString(), random).reveal();
        for (Pattern pattern : patterns()) {
            for (String other : List.of(
                    key.substring(0, key.length() - 1),
                    key.replace("kck_", "abc_"),
                    "kck_…x7Qp2Z",
                    key.replace('_', '-'))) {
                assertThat(pattern.matcher(other).find())
                        .as(pattern + " in " + other)
                        .isFalse();
            }
        }
    }

    private static void assertFinds(Pattern pattern, String key) {
        Matcher found = pattern.matcher("token: \"" + key + "\",");
        assertThat(found.find()).as(pattern + " in " + key).isTrue();
        assertThat(found.group(found.groupCount())).isEqualTo(key);
    }

    private static List<Pattern> patterns() throws IOException {
        List<Pattern> patterns = Files.readAllLines(Path.of("docs/recipes/secret-scanning.md")).stream()
                .map(EXPRESSION::matcher)
                .filter(Matcher::find)
                .map(line -> Pattern.compile(line.group(1)))
                .toList();
        assertThat(patterns).as("for GitHub, gitleaks and TruffleHog").hasSize(3);
        return patterns;
    }
}
