package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.HolderOrganizations;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.credential.RealmPolicy;
import io.apikeys.keycloak.credential.Restrictions;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.usage.Allowance;
import io.apikeys.keycloak.usage.Allowance.Exhausted;
import io.apikeys.keycloak.usage.KeyUsage;
import io.apikeys.keycloak.verify.Verification.Disabled;
import io.apikeys.keycloak.verify.Verification.Expired;
import io.apikeys.keycloak.verify.Verification.HolderDisabled;
import io.apikeys.keycloak.verify.Verification.HolderLocked;
import io.apikeys.keycloak.verify.Verification.Malformed;
import io.apikeys.keycloak.verify.Verification.NotAllowedHere;
import io.apikeys.keycloak.verify.Verification.QuotaUsedUp;
import io.apikeys.keycloak.verify.Verification.RateLimited;
import io.apikeys.keycloak.verify.Verification.Unsuitable;
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
 * Decides whether a presented key is good. A key whose holder is in the user cache costs no database query. A wrong key
 * never counts against the holder's brute-force lock: the locator is no secret, so counting would let anyone lock anyone
 * out.
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
     * Verifies a key, and counts this use of it if it is good.
     *
     * @param presented what somebody presents as a key; may be null or anything
     */
    public Verification verify(String presented, Door door) {
        return verify(presented, door, any -> true);
    }

    /** The same where a door takes only some good keys; any other is {@link Unsuitable} and not counted. */
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
            return new Malformed();
        }
        Verification answer = find(secret.get())
                .map(found -> judge(found, door, wanted))
                .orElseGet(() -> secret.get().whenUnknown());
        LOG.tracef("%s: %s is %s", door, secret.get(), answer.getClass().getSimpleName());
        return answer;
    }

    /**
     * Finds a key whatever its state, for who holds it to end it.
     *
     * @param presented what somebody presents as a key; may be null or anything
     */
    public Optional<FoundKey> find(String presented) {
        return PresentedSecret.of(presented, realm).flatMap(this::find);
    }

    private Optional<FoundKey> find(PresentedSecret secret) {
        UserModel holder = secret.holderId(session)
                .map(id -> session.users().getUserById(realm, id))
                .orElse(null);
        if (holder == null) {
            return Optional.empty();
        }
        KeyHash hash = secret.hash();
        return holder.credentialManager()
                .getStoredCredentialsByTypeStream(ApiKeyCredentialModel.TYPE)
                .filter(stored -> ApiKeyCredentialModel.isOf(stored, hash))
                .map(ApiKeyCredentialModel::createFromCredentialModel)
                .filter(stored -> stored.policy().isPresent())
                .findFirst()
                .map(stored -> new FoundKey(holder, stored));
    }

    /** A key of this realm whose secret was presented, and its holder. */
    public record FoundKey(UserModel holder, ApiKeyCredentialModel key) {}

    private Verification judge(FoundKey found, Door door, Predicate<FoundKey> wanted) {
        UserModel holder = found.holder();
        ApiKeyCredentialModel key = found.key();
        KeyPolicy policy = key.policy().orElseThrow();
        if (!policy.enabled()) {
            return new Disabled(holder, key);
        }
        if (policy.expired(Instant.now())) {
            return new Expired(holder, key);
        }
        if (!isEnabled(holder)) {
            return new HolderDisabled(holder, key);
        }
        if (door.runsAuthenticationFlow()) {
            String locked = AuthenticatorUtils.getDisabledByBruteForceEventError(
                    session.getProvider(BruteForceProtector.class), session, realm, holder);
            if (locked != null) {
                return locked.equals(Errors.USER_DISABLED)
                        ? new HolderDisabled(holder, key)
                        : new HolderLocked(holder, key);
            }
        }
        if (!allowedHere(key, holder, door)) {
            return new NotAllowedHere(holder, key);
        }
        return wanted.test(found) ? use(holder, key, door) : new Unsuitable(holder, key);
    }

    private Verification use(UserModel holder, ApiKeyCredentialModel key, Door door) {
        Allowance allowance = session.getProvider(KeyUsage.class)
                .use(
                        key.getId(),
                        key.policy().orElseThrow().limits(),
                        door.label(),
                        RealmPolicy.lastUseResolution(realm).toMillis());
        if (allowance instanceof Exhausted exhausted) {
            return exhausted.isOfQuota()
                    ? new QuotaUsedUp(holder, key, exhausted)
                    : new RateLimited(holder, key, exhausted);
        }
        return new Valid(holder, key, allowance);
    }

    /** A client that is disabled has its service account along. */
    private boolean isEnabled(UserModel holder) {
        return holder.isEnabled()
                && (holder.getServiceAccountClientLink() == null
                        || Optional.ofNullable(realm.getClientById(holder.getServiceAccountClientLink()))
                                .filter(ClientModel::isEnabled)
                                .isPresent());
    }

    /**
     * By the client that asks, if one does, the address as Keycloak's proxy settings tell it, and the organization that the
     * holder is in. A service account signs in nowhere itself, as elsewhere in Keycloak.
     */
    private boolean allowedHere(ApiKeyCredentialModel key, UserModel holder, Door door) {
        Restrictions restrictions = key.policy().orElseThrow().restrictions();
        ClientModel client = session.getContext().getClient();
        return restrictions.allowsClient(client == null ? null : client.getClientId())
                && restrictions.allowsAddress(
                        session.getContext().getConnection().getRemoteAddr())
                && new HolderOrganizations(session, holder).allow(key)
                && !(door.runsAuthenticationFlow() && holder.getServiceAccountClientLink() != null);
    }
}
