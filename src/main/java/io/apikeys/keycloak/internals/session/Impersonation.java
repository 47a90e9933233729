package io.apikeys.keycloak.internals.session;

import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ImpersonationSessionNote;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The impersonation of a session's user by an administrator, or by a client that exchanged a token for the session.
 *
 * @param impersonator the impersonator as noted by Keycloak: a username, or the id of a user or client
 */
public record Impersonation(String impersonator) {

    public static Optional<Impersonation> in(UserSessionModel session) {
        return in(session::getNote);
    }

    /** Returns the impersonation noted in a login or in the session that it continues; empty if there is none. */
    public static Optional<Impersonation> in(KeycloakSession keycloak, AuthenticationSessionModel login) {
        return in(login.getUserSessionNotes()::get)
                .or(() -> Optional.ofNullable(new AuthenticationSessionManager(keycloak).getUserSession(login))
                        .flatMap(Impersonation::in));
    }

    private static Optional<Impersonation> in(UnaryOperator<String> notes) {
        return Stream.of(
                        ImpersonationSessionNote.IMPERSONATOR_USERNAME,
                        ImpersonationSessionNote.IMPERSONATOR_ID,
                        ImpersonationSessionNote.IMPERSONATOR_CLIENT)
                .map(note -> notes.apply(note.toString()))
                .filter(Objects::nonNull)
                .findFirst()
                .map(Impersonation::new);
    }

    /** Names the impersonator in an event, as Keycloak does. */
    public void describe(EventBuilder event) {
        event.detail(Details.IMPERSONATOR, impersonator);
    }
}
