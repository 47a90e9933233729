package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderLookup;
import io.apikeys.keycloak.internals.credential.HolderStore;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.limit.Allowance;
import io.apikeys.keycloak.limit.Allowance.Exhausted;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.restriction.HolderOrganizations;
import io.apikeys.keycloak.restriction.Restrictions;
import io.apikeys.keycloak.usage.KeyUsage;
import io.apikeys.keycloak.verify.Verification.Denied;
import io.apikeys.keycloak.verify.Verification.NotFound;
import io.apikeys.keycloak.verify.Verification.OverLimit;
import io.apikeys.keycloak.verify.Verification.Valid;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.events.Errors;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.BruteForceProtector;

/**
 * Decides whether a presented key is valid. Takes no database query if the holder is in the user cache. A wrong key
 * never counts towards the holder's brute-force lock: the locator is not secret, so anyone could lock out any user.
 */
public final class ApiKeyVerifier {

    private static final Logger LOG = Logger.getLogger(ApiKeyVerifier.class);

    private final KeycloakSession session;
    private final RealmModel realm;

    public ApiKeyVerifier(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /**
     * Verifies a key, and counts this use if the key is valid.
     *
     * @param presented the text presented as a key; may be null or any text
     */
    public Verification verify(String presented, Door door) {
        return verify(presented, door, any -> true);
    }

    /** Verifies a key for a door that accepts only some valid keys; any other is {@link Refusal#UNSUITABLE} and not counted. */
    public Verification verify(String presented, Door door, Predicate<FoundKey> wanted) {
        long start = System.nanoTime();
        Verification answer = answer(presented, door, wanted);
        KeyMetrics.verified(realm, door, answer, System.nanoTime() - start);
        return answer;
    }

    private Verification answer(String presented, Door door, Predicate<FoundKey> wanted) {
        Optional<PresentedSecret> secret = PresentedSecret.of(presented, realm);
        if (secret.isEmpty()) {
            LOG.tracef("%s: malformed", door);
            return new NotFound(Refusal.MALFORMED, null);
        }
        Verification answer = secret.filter(any -> RealmPolicy.enabled(realm))
                .flatMap(this::find)
                .map(found -> judge(found, door, wanted))
                .orElseGet(() -> secret.get().whenUnknown());
        LOG.tracef("%s: %s is %s", door, secret.get(), answer.label());
        return answer;
    }

    /**
     * Finds a key in any state, even if keys are disabled in the realm, so that a caller who has the key can revoke it.
     *
     * @param presented the text presented as a key; may be null or any text
     */
    public Optional<FoundKey> find(String presented) {
        return PresentedSecret.of(presented, realm).flatMap(this::find);
    }

    private Optional<FoundKey> find(PresentedSecret secret) {
        UserModel holder = secret.holderId(session)
                .flatMap(new HolderLookup(session, realm)::byId)
                .orElse(null);
        if (holder == null) {
            return Optional.empty();
        }
        KeyHash hash = secret.hash();
        return holder.credentialManager()
                .getStoredCredentialsByTypeStream(ApiKeyCredentialModel.TYPE)
                .filter(stored -> ApiKeyCredentialModel.isOf(stored, hash))
                .map(ApiKeyCredentialModel::createFromCredentialModel)
                .flatMap(stored -> stored.readable().stream())
                .findFirst()
                .map(key -> new FoundKey(holder, key));
    }

    private Verification judge(FoundKey found, Door door, Predicate<FoundKey> wanted) {
        Optional<Refusal> refusal = refusal(found, door);
        if (refusal.isPresent()) {
            return new Denied(refusal.get(), found, null);
        }
        Optional<String> obstacle = obstacle(found.key().restrictions(), found.holder(), door);
        if (obstacle.isPresent()) {
            return new Denied(Refusal.NOT_ALLOWED_HERE, found, obstacle.get());
        }
        return wanted.test(found) ? use(found, door) : new Denied(Refusal.UNSUITABLE, found, null);
    }

    private Optional<Refusal> refusal(FoundKey found, Door door) {
        ApiKeyCredentialData data = found.key().data();
        if (!data.enabled()) {
            return Optional.of(Refusal.DISABLED);
        }
        if (data.expired(Instant.now())) {
            return Optional.of(Refusal.EXPIRED);
        }
        if (!HolderStore.isEnabled(realm, found.holder())) {
            return Optional.of(Refusal.HOLDER_DISABLED);
        }
        return door.runsAuthenticationFlow() ? lock(found.holder()) : Optional.empty();
    }

    private Optional<Refusal> lock(UserModel holder) {
        String error = AuthenticatorUtils.getDisabledByBruteForceEventError(
                session.getProvider(BruteForceProtector.class), session, realm, holder);
        return Optional.ofNullable(error)
                .map(locked -> locked.equals(Errors.USER_DISABLED) ? Refusal.HOLDER_DISABLED : Refusal.HOLDER_LOCKED);
    }

    private Verification use(FoundKey found, Door door) {
        Allowance allowance = session.getProvider(KeyUsage.class)
                .use(
                        found.key().id(),
                        found.key().data().limits(),
                        door.label(),
                        RealmPolicy.lastUseResolution(realm).toMillis());
        return allowance instanceof Exhausted exhausted ? new OverLimit(found, exhausted) : new Valid(found, allowance);
    }

    /**
     * Finds out what a key does not allow here: the client of the request, if any, the address according to Keycloak's proxy settings, or
     * the holder's organizations. A service account does not sign in itself, as elsewhere in Keycloak.
     *
     * @return the reason for Keycloak's event; empty if the key is allowed
     */
    private Optional<String> obstacle(Restrictions restrictions, UserModel holder, Door door) {
        ClientModel client = session.getContext().getClient();
        String clientId = client == null ? null : client.getClientId();
        if (!restrictions.allowsClient(clientId)) {
            return Optional.of(clientId == null ? "The key needs a client" : "The key is not for client " + clientId);
        }
        if (!restrictions.allowsAddress(session.getContext().getConnection().getRemoteAddr())) {
            return Optional.of("The key is not for this address");
        }
        if (!new HolderOrganizations(session, holder).allow(restrictions)) {
            return Optional.of("The holder is not in organization " + restrictions.get(Restrictions.ORGANIZATION));
        }
        return door.runsAuthenticationFlow() && holder.getServiceAccountClientLink() != null
                ? Optional.of("A service account does not sign in")
                : Optional.empty();
    }
}
