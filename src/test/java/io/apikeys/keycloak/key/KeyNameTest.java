package io.apikeys.keycloak.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNameTest {

    private static final String FAMILY = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "laptop",
                "Büro-Rechner",
                "鍵",
                "مفتاح",
                "\uD83D\uDE80 deploy",
                // Made after the Unicode version of Java 17.
                "\uD83E\uDEE8 shaking",
            })
    void isUnicodeText(String name) throws InvalidKeyException {
        assertThat(KeyName.check(name, List.of())).isEqualTo(name);
    }

    @Test
    void isStrippedAndNormalized() throws InvalidKeyException {
        assertThat(KeyName.check("  Bu\u0308ro ", List.of())).isEqualTo("B\u00FCro");
        assertThatThrownBy(() -> KeyName.check("Bu\u0308ro", List.of("b\u00FCro")))
                .isInstanceOf(InvalidKeyException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\nb", "a\u0000", "a\u2028b", "\uD83D", "a\uFFFE", "a\uFDD0"})
    void isNothingThatCannotBeShown(String name) {
        assertThatThrownBy(() -> KeyName.check(name, List.of())).isInstanceOf(InvalidKeyException.class);
    }

    @Test
    void isCountedInCodePoints() throws InvalidKeyException {
        String rockets = "\uD83D\uDE80".repeat(100);

        assertThat(KeyName.check(rockets, List.of())).isEqualTo(rockets);
        assertThatThrownBy(() -> KeyName.check(rockets + "x", List.of())).isInstanceOf(InvalidKeyException.class);
    }

    @Test
    void aRotatedKeyWithoutANameHasNoneInGrace() {
        assertThat(KeyName.inGrace(null, List.of("laptop"))).isNull();
    }

    @Test
    void isCutBetweenCharactersAsPeopleSeeThem() {
        assertThat(KeyName.inGrace("laptop", List.of())).isEqualTo("laptop (old)");
        assertThat(KeyName.inGrace("laptop", List.of("Laptop (OLD)"))).isEqualTo("laptop (old 2)");
        assertThat(KeyName.inGrace("x".repeat(92) + FAMILY + "xxx", List.of())).isEqualTo("x".repeat(92) + " (old)");
        assertThat(KeyName.inGrace("\uD83D\uDE80".repeat(100), List.of()))
                .isEqualTo("\uD83D\uDE80".repeat(94) + " (old)");
    }
}
