package io.apikeys.keycloak.rest.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.management.KeyRevocation;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.FoundKey;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Receives alerts of GitHub's secret scanning partner programme, which finds keys in public repositories and packages.
 * Only GitHub's signature permits an alert; it is off until the realm's policy says where GitHub publishes its keys.
 */
public final class GitHubAlertsResource {

    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_ALERTS = 1_000;
    private static final int MAX_URL = 2_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By address. Few, because they are addresses that administrators have set. */
    private static final Map<String, PublishedKeys> PUBLISHED = new ConcurrentHashMap<>();

    private final KeycloakSession session;
    private final RealmModel realm;

    public GitHubAlertsResource(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    /**
     * Revokes the keys among the reported texts, with reason {@code leaked}.
     *
     * @param keyIdentifier the key of GitHub's that signed the body
     * @param signature the signature, ECDSA with SHA-256, in Base64
     * @return for each text whether it was a key
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public List<AlertLabel> receive(
            @HeaderParam("Github-Public-Key-Identifier") @Nullable String keyIdentifier,
            @HeaderParam("Github-Public-Key-Signature") @Nullable String signature,
            InputStream body) {
        String address = RealmPolicy.githubAlertKeys(realm)
                .filter(configured -> realm.isEnabled())
                .orElseThrow(() -> ApiErrors.notFound("This realm does not take alerts."));
        byte[] signed = read(body);
        if (!isSigned(signed, keyIdentifier, signature, address)) {
            throw ApiErrors.unauthorized("The alert is not signed by a key that GitHub uses.");
        }
        List<AlertLabel> labels = new ArrayList<>();
        for (LeakAlert alert : parse(signed)) {
            Optional<FoundKey> key = new ApiKeyVerifier(session, realm).find(alert.token());
            key.ifPresent(found -> revoke(found, alert));
            labels.add(AlertLabel.of(alert, key.isPresent()));
        }
        return labels;
    }

    private static byte[] read(InputStream body) {
        try {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw ApiErrors.tooLarge(MAX_BYTES);
            }
            return bytes;
        } catch (IOException broken) {
            throw ApiErrors.badRequest(null, "The body could not be read.");
        }
    }

    private boolean isSigned(byte[] body, @Nullable String keyIdentifier, @Nullable String signature, String address) {
        if (keyIdentifier == null || signature == null) {
            return false;
        }
        Optional<PublicKey> key =
                PUBLISHED.computeIfAbsent(address, PublishedKeys::new).find(keyIdentifier, session, Instant.now());
        return key.isPresent() && isSigned(body, signature, key.get());
    }

    private static boolean isSigned(byte[] body, String signature, PublicKey key) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(body);
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }

    private static List<LeakAlert> parse(byte[] body) {
        LeakAlert[] alerts;
        try {
            alerts = JSON.readValue(body, LeakAlert[].class);
        } catch (JsonProcessingException notAlerts) {
            throw ApiErrors.badRequest(null, "The body must be a list of objects with token, type and url.");
        } catch (IOException broken) {
            throw ApiErrors.badRequest(null, "The body could not be read.");
        }
        if (alerts == null || alerts.length > MAX_ALERTS) {
            throw ApiErrors.badRequest(null, "The list may have at most " + MAX_ALERTS + " elements.");
        }
        for (LeakAlert alert : alerts) {
            if (alert == null || alert.token() == null) {
                throw ApiErrors.badRequest("token", "Each element of the list must have a token.");
            }
        }
        return List.of(alerts);
    }

    private void revoke(FoundKey found, LeakAlert alert) {
        EventBuilder event = new EventBuilder(
                        realm, session, session.getContext().getConnection())
                .detail(KeyEvents.REVOKED_BY, KeyEvents.GITHUB);
        if (alert.url() != null && alert.url().length() <= MAX_URL) {
            event.detail(KeyEvents.FOUND_AT, alert.url());
        }
        try {
            new KeyRevocation(session, realm).revoke(found, event, "leaked");
        } catch (InvalidKeyException refused) {
            throw ApiErrors.of(refused);
        }
    }
}
