package io.apikeys.keycloak.rest.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.http.client.config.RequestConfig;
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
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final long MAX_BYTES = 256 * 1024;

    /** Follows no redirect, which could lead to an address that is not secure. */
    private static final RequestConfig REQUEST = RequestConfig.custom()
            .setConnectionRequestTimeout(TIMEOUT_MILLIS)
            .setConnectTimeout(TIMEOUT_MILLIS)
            .setSocketTimeout(TIMEOUT_MILLIS)
            .setRedirectsEnabled(false)
            .build();

    private final String address;

    /** Guards {@link #triedAt} and is held while the keys are fetched; requests that arrive meanwhile do not wait. */
    private final Lock fetching = new ReentrantLock();

    private volatile Fetched fetched = new Fetched(Map.of(), Instant.EPOCH);
    private Instant triedAt = Instant.EPOCH;

    PublishedKeys(String address) {
        this.address = address;
    }

    /**
     * Returns a key that is in use.
     *
     * @return empty if there is no such key, if it has been replaced, or if the keys could not be fetched
     */
    Optional<PublicKey> find(String identifier, KeycloakSession session, Instant now) {
        if (fetched.find(identifier, now).isEmpty() && fetching.tryLock()) {
            try {
                if (!now.isBefore(triedAt.plus(PAUSE))) {
                    triedAt = now;
                    fetch(session, now);
                }
            } finally {
                fetching.unlock();
            }
        }
        return fetched.find(identifier, now);
    }

    /** Returns whether the keys were fetched in the last hour. */
    boolean areKnown(Instant now) {
        return fetched.isFresh(now);
    }

    private record Fetched(Map<String, PublicKey> keys, Instant at) {

        boolean isFresh(Instant now) {
            return now.isBefore(at.plus(MAX_AGE));
        }

        Optional<PublicKey> find(String identifier, Instant now) {
            return isFresh(now) ? Optional.ofNullable(keys.get(identifier)) : Optional.empty();
        }
    }

    private void fetch(KeycloakSession session, Instant now) {
        try (SimpleHttpResponse response = SimpleHttp.create(session)
                .withRequestConfig(REQUEST)
                .withMaxConsumedResponseSize(MAX_BYTES)
                .doGet(address)
                .acceptJson()
                .asResponse()) {
            if (response.getStatus() != 200) {
                LOG.warnf("The keys of alerts could not be fetched: %s answered %d", address, response.getStatus());
                return;
            }
            fetched = new Fetched(current(response.asJson().path("public_keys")), now);
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
