package io.apikeys.keycloak.inventory;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ApiKeyCredentialModel;
import io.apikeys.keycloak.limit.LimitLines;
import io.apikeys.keycloak.limit.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** The limits that apply to a holder, even if no key has them any longer. To be used under the holder's lock. */
public record HolderLimits(LimitLines lines, RealmModel realm, String holderId) {

    /** Applies the limits of these keys to their holder, even after the keys are revoked. */
    public void bind(List<ApiKeyCredentialModel> keys) {
        List<String> known = lines.ids(holderId);
        keys.stream()
                .flatMap(key -> key.data().map(ApiKeyCredentialData::limits).stream())
                .filter(limits -> !limits.isNone() && !known.contains(limits.knownLine()))
                .collect(Collectors.toMap(Limits::knownLine, Function.identity(), (one, same) -> one))
                .values()
                .forEach(this::set);
    }

    /**
     * Returns the tightest limits that apply to the holder; {@link Limits#NONE} if there are none.
     *
     * @param keys all keys of the holder
     */
    public Limits tightest(List<ApiKeyCredentialModel> keys) {
        bind(keys);
        return lines.of(holderId).stream()
                .min(Comparator.comparingLong(Limits::usesInADay)
                        .thenComparing(Limits::since)
                        .thenComparing(Limits::knownLine))
                .orElse(Limits.NONE);
    }

    /** Returns limits that came with an import, in a line of their own if another holder has theirs. */
    public Limits imported(Limits limits) {
        return limits.line() != null && lines.isOfAnother(holderId, limits.line())
                ? limits.countedIn(UUID.nameUUIDFromBytes((limits.line() + holderId).getBytes(StandardCharsets.UTF_8))
                        .toString())
                : limits;
    }

    /** Begins a line of keys with these limits, if there are any. */
    public Limits begin(Limits asked) {
        if (asked.isNone()) {
            return Limits.NONE;
        }
        Limits limits = asked.countedIn(KeycloakModelUtils.generateId());
        lines.begin(realm.getId(), holderId, limits);
        return limits;
    }

    /** Replaces the limits of a line with these. */
    public void set(Limits limits) {
        lines.set(realm.getId(), holderId, limits);
    }

    /** Removes these limits from the holder, if there are any. */
    public void lift(Limits limits) {
        if (!limits.isNone()) {
            lines.lift(holderId, limits.knownLine());
        }
    }

    /** Removes all limits from the holder. */
    public void liftAll() {
        lines.liftAll(holderId);
    }
}
