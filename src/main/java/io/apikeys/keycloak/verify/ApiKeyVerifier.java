package io.apikeys.keycloak.verify;

import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.credential.KeyPolicy;
import io.apikeys.keycloak.key.ApiKey;
import io.apikeys.keycloak.key.KeyHash;
import io.apikeys.keycloak.verify.Verification.Disabled;
import io.apikeys.keycloak.verify.Verification.Expired;
import io.apikeys.keycloak.verify.Verification.HolderDisabled;
import io.apikeys.keycloak.verify.Verification.HolderLocked;
import io.apikeys.keycloak.verify.Verification.Malformed;
import io.apikeys.keycloak.verify.Verification.Unknown;
import io.apikeys.keycloak.verify.Verification.Valid;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.events.Errors;
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
        Verification answer = verify(parsed.get(), door);
        LOG.tracef("%s: %s is %s", door, parsed.get(), answer.getClass().getSimpleName());
        return answer;
    }

    private Verification verify(ApiKey key, Door door) {
        UserModel holder = session.users().getUserById(realm, key.holderId());
        if (holder == null) {
            return new Unknown(key.hint());
        }
        KeyHash hash = key.hash();
        return holder.credentialManager()
                .getStoredCredentialsByTypeStream(ApiKeyCredentialModel.TYPE)
                .map(ApiKeyCredentialModel::createFromCredentialModel)
                .filter(stored -> stored.matches(hash))
                .findFirst()
                .map(stored -> judge(holder, stored, door))
                .orElseGet(() -> new Unknown(key.hint()));
    }

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
        return new Valid(holder, key);
    }
}
