package io.apikeys.example.dashboard;

import java.util.Map;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/**
 * The key that the user has signed in with: the claim {@code api_key} of the ID token.
 *
 * @param tier from the key's metadata, which administrators set; null without one
 */
record SignedInKey(String id, String name, Object tier) {

    /** Returns null for a user who has signed in without a key. */
    static SignedInKey of(OidcUser user) {
        Map<String, Object> claim = user.getClaimAsMap("api_key");
        if (claim == null) {
            return null;
        }
        Object tier = claim.get("metadata") instanceof Map<?, ?> metadata ? metadata.get("tier") : null;
        return new SignedInKey((String) claim.get("id"), (String) claim.get("name"), tier);
    }
}
