package io.apikeys.keycloak.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttemptsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");

    @Test
    void pausesGrowAndEnd() {
        Attempts attempts = new Attempts(Duration.ofMinutes(1));

        assertThat(IntStream.range(0, 6)
                        .mapToObj(made -> Duration.between(NOW, Instant.ofEpochMilli(attempts.next(made, NOW)))
                                .toMinutes()))
                .containsExactly(1L, 4L, 16L, 64L, 256L, 1024L);
        assertThat(attempts.next(6, NOW)).isEqualTo(Attempts.NEVER);
        assertThat(attempts.next(100, NOW)).isEqualTo(Attempts.NEVER);
    }
}
