package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.credential.Restrictions;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.verify.Verification.Disabled;
import io.apikeys.keycloak.verify.Verification.Expired;
import io.apikeys.keycloak.verify.Verification.HolderDisabled;
import io.apikeys.keycloak.verify.Verification.HolderLocked;
import io.apikeys.keycloak.verify.Verification.Malformed;
import io.apikeys.keycloak.verify.Verification.NotAllowedHere;
import io.apikeys.keycloak.verify.Verification.Unknown;
import io.apikeys.keycloak.verify.Verification.Valid;
import java.time.Instant;
import java.util.Optional;
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
     * Verifies a key.
     *
     * @param presented what somebody presents as a key; may be null or anything
     */
    public Verification verify(String presented, Door door) {
        Optional<ApiKey> parsed = ApiKey.parse(presented);
        if (parsed.isEmpty()) {
            LOG.tracef("%s: malformed", door);
            return new Malformed();
        }
        Verification answer = find(parsed.get())
                .map(found -> judge(found.holder(), found.key(), door))
                .orElseGet(() -> new Unknown(parsed.get().hint()));
        LOG.tracef("%s: %s is %s", door, parsed.get(), answer.getClass().getSimpleName());
        return answer;
    }

    /**
     * Finds a key whatever its state, for who holds it to end it.
     *
     * @param presented what somebody presents as a key; may be null or anything
     */
    public Optional<FoundKey> find(String presented) {
        return ApiKey.parse(presented).flatMap(this::find);
    }

    private Optional<FoundKey> find(ApiKey key) {
        UserModel holder = session.users().getUserById(realm, key.holderId());
        if (holder == null) {
            return Optional.empty();
        }
        KeyHash hash = key.hash();
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

    private Verification judge(UserModel holder, ApiKeyCredentialModel key, Door door) {
        KeyPolicy policy = key.policy().orElseThrow();
        if (!policy.enabled()) {
            return new Disabled(holder, key);
        }
        if (policy.expired(Instant.now())) {
            return new Expired(holder, key);
        }
        if (!holder.isEnabled()) {
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
        return allowedHere(policy.restrictions()) ? new Valid(holder, key) : new NotAllowedHere(holder, key);
    }

    /** By the client that asks, if one does, and the address as Keycloak's proxy settings tell it. */
    private boolean allowedHere(Restrictions restrictions) {
        ClientModel client = session.getContext().getClient();
        return restrictions.allowsClient(client == null ? null : client.getClientId())
                && restrictions.allowsAddress(
                        session.getContext().getConnection().getRemoteAddr());
    }
}
