package io.apikeys.keycloak.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PastedKeyTest {

    private static final String KEY = "kck_03bR0zvAn4PMOWUDcYPm3c_Hn3_x7Qp2Z";

    @ParameterizedTest
    @ValueSource(
            strings = {
                KEY,
                "  " + KEY + "\r\n",
                "kck_03bR0zvAn4PMOWUD\r\n  cYPm3c_Hn3_x7Qp2Z",
                "\u00a0" + KEY + " \u200b\ufeff",
                "\"" + KEY + "\"",
                "'" + KEY + "'",
                "`" + KEY + "`",
                "\u201c" + KEY + "\u201d",
                "\u201e" + KEY + "\u201c",
                "<" + KEY + ">",
                "Bearer " + KEY,
                "bearer\t" + KEY,
                "Authorization: Bearer " + KEY,
                "\"Authorization: Bearer " + KEY + "\"",
                "X-API-Key: " + KEY,
                "x-api-key:'" + KEY + "'"
            })
    void theKeyIsFoundInWhatPeoplePaste(String pasted) {
        assertThat(PastedKey.read(pasted)).isEqualTo(KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "Bearer",
                "\"abc",
                "abc'",
                "sk_live:abc<def>",
                "a key +/=%&?'\"< with signs",
                "bearer_of_news"
            })
    void whatIsPartOfAnotherSystemsKeyStays(String key) {
        assertThat(PastedKey.read(key)).isEqualTo(key);
    }

    @Test
    void whatIsNoKeyIsLeftAlone() {
        assertThat(PastedKey.read(null)).isNull();
        assertThat(PastedKey.read(" ".repeat(10_000))).hasSize(10_000);
    }
}
