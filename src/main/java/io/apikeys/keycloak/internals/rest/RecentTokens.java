package io.apikeys.keycloak.internals.rest;

import io.apikeys.keycloak.internals.credential.HolderStorage;
import io.apikeys.keycloak.verify.FoundKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;
import org.keycloak.events.Event;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.Urls;
import org.keycloak.services.util.DPoPUtil;

/**
 * The last token that a gateway got for a key, which it gets again for a short time, because signing a token takes longer
 * than everything else. Kept with the holder in Keycloak's user cache, and so dropped on all nodes when the holder, a key
 * or a role of the holder changes. A change of the realm or of the gateway's client shows in the tokens after
 * {@link #LONGEST_REUSE} at most. A token that is bound to a proof (RFC 7800) is never kept.
 *
 * @param found the key
 * @param gateway the client of the gateway
 */
record RecentTokens(KeycloakSession session, FoundKey found, ClientModel gateway) {

    private static final Logger LOG = Logger.getLogger(RecentTokens.class);

    private static final Duration LONGEST_REUSE = Duration.ofSeconds(10);

    /** The part of its life in which a token is handed out again, so that it stays valid for most of it. */
    private static final int REUSED_PART = 10;

    /** Returns a token that is still to be handed out. */
    Optional<IssuedToken> find() {
        return !mayReuse() || !(kept().get(use()) instanceof Kept kept) || !isCurrent(kept)
                ? Optional.empty()
                : Optional.of(kept.issued());
    }

    /** Keeps a token that was issued, unless it is bound to a proof. */
    void keep(IssuedToken issued) {
        try {
            AccessToken content = new JWSInput(issued.text()).readJsonContent(AccessToken.class);
            if (content.getConfirmation() == null && content.getExp() != null && mayReuse()) {
                kept().put(use(), Kept.of(issued, content));
            }
        } catch (JWSInputException opaque) {
            LOG.debugf("A token whose content is not known is not handed out again: %s", opaque.getMessage());
        }
    }

    /** Returns whether the client may exchange keys for tokens, and neither it nor this request binds them to a proof. */
    private boolean mayReuse() {
        OIDCAdvancedConfigWrapper client = OIDCAdvancedConfigWrapper.fromClientModel(gateway);
        return client.isStandardTokenExchangeEnabled()
                && !client.isUseDPoP()
                && !client.isUseMtlsHokToken()
                && session.getAttribute(DPoPUtil.DPOP_SESSION_ATTRIBUTE) == null;
    }

    private boolean isCurrent(Kept kept) {
        return Instant.now().isBefore(kept.reusedUntil())
                && kept.issuer().equals(issuer())
                && kept.issuedAt() >= Math.max(session.getContext().getRealm().getNotBefore(), gateway.getNotBefore());
    }

    private String issuer() {
        return Urls.realmIssuer(
                session.getContext().getUri().getBaseUri(),
                session.getContext().getRealm().getName());
    }

    private ConcurrentMap<Object, Object> kept() {
        return HolderStorage.cachedWith(found.holder());
    }

    private Use use() {
        return new Use(found.key().id(), gateway.getId());
    }

    /**
     * An access token, and what the event about its issue says.
     *
     * @param text the token
     * @param details the details of the event
     */
    record IssuedToken(String text, Map<String, String> details) {

        static IssuedToken of(String text, Event event) {
            return new IssuedToken(text, event.getDetails() == null ? Map.of() : Map.copyOf(event.getDetails()));
        }
    }

    /** The key and the client that a token was issued for, each pair of which has at most one token. */
    private record Use(String keyId, String clientId) {}

    private record Kept(IssuedToken issued, String issuer, long issuedAt, Instant reusedUntil) {

        static Kept of(IssuedToken issued, AccessToken content) {
            Instant now = Instant.now();
            Duration part = Duration.between(now, Instant.ofEpochSecond(content.getExp()))
                    .dividedBy(REUSED_PART);
            return new Kept(
                    issued,
                    content.getIssuer(),
                    content.getIat(),
                    now.plus(part.compareTo(LONGEST_REUSE) < 0 ? part : LONGEST_REUSE));
        }
    }
}
