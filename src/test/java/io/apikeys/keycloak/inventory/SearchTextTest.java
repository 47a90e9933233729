package io.apikeys.keycloak.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTextTest {

    @ParameterizedTest
    @CsvSource({
        "Laptop, LAPTOP",
        "ÜBERGABE, übergabe",
        "ΣΙΣΥΦΟΣ, σισυφος",
        "Сервер, СЕРВЕР",
        "Ångström, a\u030ANGSTRÖM",
        "\uD801\uDC00, \uD801\uDC28",
        "ǅ, ǆ",
    })
    void caseMakesNoDifference(String one, String other) {
        assertThat(SearchText.of(one)).isEqualTo(SearchText.of(other));
    }

    @Test
    void accentsDo() {
        assertThat(SearchText.of("resume")).isNotEqualTo(SearchText.of("résumé"));
    }

    @Test
    void isCutBetweenCharacters() {
        assertThat(SearchText.of("a\uD83D\uDE00", 2)).isEqualTo("a");
        assertThat(SearchText.of("ab", 2)).isEqualTo("ab");
    }
}
