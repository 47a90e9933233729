package io.apikeys.keycloak.mail;

import io.apikeys.keycloak.PlainFactory;
import io.apikeys.keycloak.mail.Notice.Kind;
import io.apikeys.keycloak.policy.Notices;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.usage.KeyRecord;
import io.apikeys.keycloak.verify.KeyEvents;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Finds out, in every realm, what somebody other than its holder does to a key, so that the holder can be told. */
public final class NoticeListener implements EventListenerProviderFactory, PlainFactory<EventListenerProvider> {

    private static final String KEYS = "API_KEY";

    private static final Pattern CREDENTIAL_PATH = Pattern.compile("users/([^/]+)/credentials/([^/]+)");

    @Override
    public String getId() {
        return "api-key-notices";
    }

    @Override
    public boolean isGlobal() {
        return true;
    }

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new Listener(session);
    }

    private record Listener(KeycloakSession session) implements EventListenerProvider {

        @Override
        public void onEvent(Event event) {
            Map<String, String> details = event.getDetails();
            String by = details == null ? null : details.get(KeyEvents.REVOKED_BY);
            if (event.getType() == EventType.REMOVE_CREDENTIAL && by != null) {
                String foundAt = details.get(KeyEvents.FOUND_AT);
                tell(new Notice(
                        event.getRealmId(),
                        event.getUserId(),
                        details.get(Details.CREDENTIAL_USER_LABEL),
                        foundAt == null ? kind(by) : Kind.LEAKED,
                        foundAt == null ? event.getClientId() : foundAt));
            }
        }

        private static Kind kind(String revokedBy) {
            return revokedBy.equals(KeyEvents.CLIENT) ? Kind.REVOKED_BY_CLIENT : Kind.REVOKED_BY_FINDER;
        }

        @Override
        public void onEvent(AdminEvent event, boolean includeRepresentation) {
            Optional<Notice> notice = KEYS.equals(event.getResourceTypeAsString()) ? ofKey(event) : ofCredential(event);
            notice.filter(told -> event.getAuthDetails() == null
                            || !told.holderId().equals(event.getAuthDetails().getUserId()))
                    .ifPresent(this::tell);
        }

        private static Optional<Notice> ofKey(AdminEvent event) {
            Map<String, String> details = event.getDetails();
            return kind(event.getOperationType(), details)
                    .map(kind -> new Notice(
                            event.getRealmId(),
                            Objects.requireNonNull(details.get(KeyEvents.HOLDER_ID)),
                            details.get(Details.CREDENTIAL_USER_LABEL),
                            kind,
                            details.get(Details.REASON)));
        }

        private static Optional<Kind> kind(OperationType operation, Map<String, String> details) {
            return switch (operation) {
                case CREATE -> details.containsKey(KeyEvents.IMPORTED) ? Optional.empty() : Optional.of(Kind.ISSUED);
                case ACTION -> Optional.of(Kind.ROTATED);
                case DELETE -> Optional.of(Kind.REVOKED);
                case UPDATE -> details.containsKey(KeyEvents.DISABLED) ? Optional.of(Kind.DISABLED) : Optional.empty();
            };
        }

        /** Recognises a key by its record, because Keycloak's own event does not say which kind of credential it deleted. */
        private Optional<Notice> ofCredential(AdminEvent event) {
            if (event.getOperationType() == OperationType.UPDATE || event.getResourcePath() == null) {
                return Optional.empty();
            }
            Matcher path = CREDENTIAL_PATH.matcher(event.getResourcePath());
            return path.matches()
                    ? Optional.ofNullable(session.getProvider(JpaConnectionProvider.class)
                                    .getEntityManager()
                                    .find(KeyRecord.class, path.group(2)))
                            .map(key ->
                                    new Notice(event.getRealmId(), key.getUserId(), key.getHint(), Kind.REVOKED, null))
                    : Optional.empty();
        }

        private void tell(Notice notice) {
            RealmModel realm = session.realms().getRealm(notice.realmId());
            Notices told = realm == null ? Notices.NONE : RealmPolicy.notices(realm);
            if (told == Notices.ENDED_AND_ISSUED
                    || (told == Notices.ENDED && notice.kind().isEnd())) {
                NoticeMails.of(session).add(notice);
            }
        }

        @Override
        public void close() {}
    }
}
