package io.apikeys.keycloak.internals.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.junit.jupiter.api.Test;

class StoreLayerTest {

    @Test
    void aStoreIsWrappedWithAllThatKeycloakAsksItForByType() {
        List<String> store = new ArrayList<>(List.of("a"));

        @SuppressWarnings("unchecked")
        List<String> wrapped = StoreLayer.around(List.class, store, (method, arguments, answer) -> answer);

        assertThat(wrapped).isInstanceOf(RandomAccess.class).isEqualTo(store);
    }
}
