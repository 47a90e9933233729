package io.apikeys.keycloak.rest.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.common.util.PemException;
import org.keycloak.common.util.PemUtils;
import org.keycloak.http.simple.SimpleHttp;
import org.keycloak.http.simple.SimpleHttpResponse;
import org.keycloak.models.KeycloakSession;

/**
 * The public keys with which an address says that GitHub signs its alerts at present. Cached for an hour; an unknown key
 * is looked for again at most once a minute, so that forged alerts cause few requests.
 */
final class PublishedKeys {

    private static final Logger LOG = Logger.getLogger(PublishedKeys.class);

    private static final Duration MAX_AGE = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final long MAX_BYTES = 256 * 1024;

    private final String address;

    private Map<String, PublicKey> keys = Map.of();
    private Instant fetchedAt = Instant.EPOCH;
    private Instant triedAt = Instant.EPOCH;

    PublishedKeys(String address) {
        this.address = address;
    }

    /**
     * Returns a key that is in use.
     *
     * @return empty if there is no such key, if it has been replaced, or if the keys could not be fetched
     */
    synchronized Optional<PublicKey> find(String identifier, KeycloakSession session, Instant now) {
        boolean known = keys.containsKey(identifier) && now.isBefore(fetchedAt.plus(MAX_AGE));
        if (!known && !now.isBefore(triedAt.plus(PAUSE))) {
            triedAt = now;
            fetch(session, now);
        }
        return now.isBefore(fetchedAt.plus(MAX_AGE)) ? Optional.ofNullable(keys.get(identifier)) : Optional.empty();
    }

    private void fetch(KeycloakSession session, Instant now) {
        try (SimpleHttpResponse response = SimpleHttp.create(session)
                .withMaxConsumedResponseSize(MAX_BYTES)
                .doGet(address)
                .acceptJson()
                .asResponse()) {
            if (response.getStatus() != 200) {
                LOG.warnf("The keys of alerts could not be fetched: %s answered %d", address, response.getStatus());
                return;
            }
            keys = current(response.asJson().path("public_keys"));
            fetchedAt = now;
        } catch (IOException | PemException unavailable) {
            LOG.warnf("The keys of alerts could not be fetched from %s: %s", address, unavailable);
        }
    }

    private static Map<String, PublicKey> current(JsonNode published) {
        Map<String, PublicKey> current = new HashMap<>();
        for (JsonNode key : published) {
            if (key.path("is_current").booleanValue()) {
                current.put(
                        key.path("key_identifier").asText(),
                        PemUtils.decodePublicKey(key.path("key").asText(), "EC"));
            }
        }
        return current;
    }
}
