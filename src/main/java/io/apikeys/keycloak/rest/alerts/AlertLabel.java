package io.apikeys.keycloak.rest.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.keycloak.crypto.JavaAlgorithm;
import org.keycloak.jose.jws.crypto.HashUtils;

/**
 * What GitHub learns about an alert: whether the text was a key. It names the text by its hash, because no answer contains
 * a key.
 *
 * @param tokenHash the SHA-256 hash of the text, in hexadecimal
 * @param type the type, as reported
 */
record AlertLabel(
        @JsonProperty("token_hash") String tokenHash,
        @JsonProperty("token_type") @Nullable String type,
        @JsonProperty("label") String label) {

    static AlertLabel of(LeakAlert alert, boolean wasKey) {
        byte[] hash = HashUtils.hash(JavaAlgorithm.SHA256, alert.token().getBytes(UTF_8));
        return new AlertLabel(
                HexFormat.of().formatHex(hash), alert.type(), wasKey ? "true_positive" : "false_positive");
    }
}
