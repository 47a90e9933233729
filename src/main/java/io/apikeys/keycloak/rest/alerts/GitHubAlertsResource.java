package io.apikeys.keycloak.rest.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import io.apikeys.keycloak.key.InvalidKeyException;
import io.apikeys.keycloak.management.KeyRevocation;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.api.ApiErrors;
import io.apikeys.keycloak.rest.api.JsonBody;
import io.apikeys.keycloak.verify.ApiKeyVerifier;
import io.apikeys.keycloak.verify.FoundKey;
import io.apikeys.keycloak.verify.KeyEvents;
import jakarta.persistence.PersistenceException;
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
import org.jboss.logging.Logger;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Receives alerts of GitHub's secret scanning partner programme, which finds keys in public repositories and packages.
 * Only GitHub's signature permits an alert; it is off until the realm's policy says where GitHub publishes its keys.
 */
public final class GitHubAlertsResource {

    private static final Logger LOG = Logger.getLogger(GitHubAlertsResource.class);

    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_ALERTS = 1_000;
    private static final int MAX_URL = 2_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The published keys by address. There are few addresses, because administrators set them. */
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
     * @param keyIdentifier identifies the key with which GitHub signed the body
     * @param signature the signature, ECDSA with SHA-256, in Base64
     * @return for each text whether it was a key
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public List<AlertLabel> receive(
            @HeaderParam("Github-Public-Key-Identifier") String keyIdentifier,
            @HeaderParam("Github-Public-Key-Signature") String signature,
            InputStream body) {
        String address = RealmPolicy.githubAlertKeys(realm)
                .filter(configured -> realm.isEnabled())
                .orElseThrow(() -> ApiErrors.notFound("This realm does not take alerts."));
        if (keyIdentifier == null || signature == null) {
            throw ApiErrors.unauthorized("The alert has no signature.");
        }
        byte[] signed = JsonBody.bytes(body, MAX_BYTES);
        if (!isSigned(signed, keyIdentifier, signature, address)) {
            throw ApiErrors.unauthorized("The alert is not signed by a key that GitHub uses.");
        }
        List<AlertLabel> labels = new ArrayList<>();
        boolean complete = true;
        for (LeakAlert alert : parse(signed)) {
            try {
                labels.add(AlertLabel.of(alert, revoke(alert)));
            } catch (ModelException | PersistenceException | UnavailableException failed) {
                LOG.warnf("A key that GitHub reported could not be revoked: %s", failed);
                complete = false;
            }
        }
        if (!complete) {
            throw ApiErrors.unavailable("Some of the keys could not be revoked. Send the alert again.");
        }
        return labels;
    }

    private boolean isSigned(byte[] body, String keyIdentifier, String signature, String address) {
        Instant now = Instant.now();
        PublishedKeys keys = PUBLISHED.computeIfAbsent(address, PublishedKeys::new);
        Optional<PublicKey> key = keys.find(keyIdentifier, session, now);
        if (!keys.areKnown(now)) {
            throw ApiErrors.unavailable("GitHub's keys could not be fetched. Send the alert again later.");
        }
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

    /**
     * Revokes a key in a transaction of its own, so that the other keys of the alert are revoked whatever becomes of this one.
     *
     * @return whether the reported text is a key
     */
    private boolean revoke(LeakAlert alert) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(),
                session.getContext(),
                own -> {
                    Optional<FoundKey> found =
                            new ApiKeyVerifier(own, own.getContext().getRealm()).find(alert.token());
                    found.ifPresent(key -> revoke(key, own, event(own, alert)));
                    return found.isPresent();
                },
                "Revocation of a leaked API key");
    }

    private EventBuilder event(KeycloakSession own, LeakAlert alert) {
        EventBuilder event = new EventBuilder(
                        own.getContext().getRealm(), own, session.getContext().getConnection())
                .detail(KeyEvents.REVOKED_BY, KeyEvents.GITHUB);
        return alert.url() == null || alert.url().length() > MAX_URL
                ? event
                : event.detail(KeyEvents.FOUND_AT, KeyEvents.storable(alert.url()));
    }

    private static void revoke(FoundKey found, KeycloakSession own, EventBuilder event) {
        try {
            new KeyRevocation(own, own.getContext().getRealm()).revoke(found, event, "leaked");
        } catch (InvalidKeyException changedMeanwhile) {
            throw new ModelException("The key was changed at the same moment", changedMeanwhile);
        }
    }
}
