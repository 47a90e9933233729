package io.apikeys.keycloak.credential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts a database can be asked for. */
class HolderLookupTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "jürgen", "f:a:b", "🔑", " ", "%_'"})
    void mayBeStored(String text) {
        assertThat(HolderLookup.isStorable(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\u0000b", "a\nb", "\u007f", "\ud800", "a\udc00", "\udc00\ud800"})
    void mayNot(String text) {
        assertThat(HolderLookup.isStorable(text)).isFalse();
    }
}
