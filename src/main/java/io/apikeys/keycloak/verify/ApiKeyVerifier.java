package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.HolderCredentials;
import io.apikeys.keycloak.credential.HolderLookup;
import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.internals.credential.HolderStorage.UnavailableException;
import io.apikeys.keycloak.internals.credential.HolderStore;
import io.apikeys.keycloak.inventory.ImportedKeys;
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
import io.apikeys.keycloak.verify.Verification.Unavailable;
import io.apikeys.keycloak.verify.Verification.Valid;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
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
     * @param presented any text, presented as a key
     */
    public Verification verify(@Nullable String presented, Door door) {
        return verify(presented, door, any -> true);
    }

    /** Verifies a key for a door that accepts only some valid keys; any other is {@link Refusal#UNSUITABLE} and not counted. */
    public Verification verify(@Nullable String presented, Door door, Predicate<FoundKey> wanted) {
        long start = System.nanoTime();
        Verification answer = answer(presented, door, wanted);
        KeyMetrics.verified(realm, door, answer, System.nanoTime() - start);
        return answer;
    }

    private Verification answer(@Nullable String presented, Door door, Predicate<FoundKey> wanted) {
        Optional<PresentedSecret> secret = PresentedSecret.of(presented, session, realm);
        if (secret.isEmpty()) {
            LOG.tracef("%s: malformed", door);
            return new NotFound(Refusal.MALFORMED, null);
        }
        Verification answer = answer(secret.get(), door, wanted);
        LOG.tracef("%s: %s is %s", door, secret.get(), answer.label());
        return answer;
    }

    private Verification answer(PresentedSecret secret, Door door, Predicate<FoundKey> wanted) {
        if (!RealmPolicy.enabled(realm)) {
            return secret.whenUnknown();
        }
        try {
            return find(secret).map(found -> judge(found, door, wanted)).orElseGet(secret::whenUnknown);
        } catch (UnavailableException away) {
            LOG.warnf("%s: API key %s is refused: %s (%s)", door, secret, away.getMessage(), away.getCause());
            return new Unavailable();
        }
    }

    /**
     * Finds a key in any state, even if keys are disabled in the realm, so that a caller who has the key can revoke it.
     *
     * @param presented any text, presented as a key
     * @throws UnavailableException if the user storage of the holder cannot be reached
     */
    public Optional<FoundKey> find(@Nullable String presented) {
        return PresentedSecret.of(presented, session, realm).flatMap(this::find);
    }

    /** Looks at the holder whom the key names, and then among imported keys, whose holder may have got a new id. */
    private Optional<FoundKey> find(PresentedSecret secret) {
        KeyHash hash = secret.hash();
        return secret.claimedHolderId()
                .flatMap(holderId -> find(holderId, hash))
                .or(() -> findImported(hash));
    }

    private Optional<FoundKey> findImported(KeyHash hash) {
        ImportedKeys imported = new ImportedKeys(session, realm);
        return imported.exist() ? imported.holderId(hash).flatMap(holderId -> find(holderId, hash)) : Optional.empty();
    }

    private Optional<FoundKey> find(String holderId, KeyHash hash) {
        return new HolderLookup(session, realm)
                .byId(holderId)
                .flatMap(holder -> HolderCredentials.of(holder)
                        .find(hash)
                        .flatMap(key -> current(holder).map(current -> new FoundKey(current, key))));
    }

    /** Returns the holder, about whom a user storage has been asked not long ago; empty if it no longer knows the holder. */
    private Optional<UserModel> current(UserModel holder) {
        return new HolderStorage(session, realm)
                .current(holder, session.getProvider(KeyUsage.class).holderMaxAge());
    }

    private Verification judge(FoundKey found, Door door, Predicate<FoundKey> wanted) {
        Optional<Refusal> refusal = refusal(found, door);
        if (refusal.isPresent()) {
            return new Denied(refusal.get(), found, null);
        }
        Optional<String> obstacle = obstacle(found.key().restrictions(session, realm), found.holder(), door);
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
        Set<String> alias = restrictions.get(Restrictions.ORGANIZATION);
        if (alias != null && !new HolderOrganizations(session, holder).allow(restrictions)) {
            return Optional.of(
                    alias.isEmpty()
                            ? "The organization of the key no longer exists"
                            : "The holder is not in organization " + String.join("", alias));
        }
        return door.runsAuthenticationFlow() && holder.getServiceAccountClientLink() != null
                ? Optional.of("A service account does not sign in")
                : Optional.empty();
    }
}
