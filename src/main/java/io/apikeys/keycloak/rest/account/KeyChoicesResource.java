package io.apikeys.keycloak.rest.account;

import io.apikeys.keycloak.credential.ApiKeyCredentialData;
import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.key.KeyName;
import io.apikeys.keycloak.management.HolderKeys;
import io.apikeys.keycloak.policy.RealmPolicy;
import io.apikeys.keycloak.rest.account.KeyChoices.Named;
import io.apikeys.keycloak.restriction.HolderOrganizations;
import io.apikeys.keycloak.restriction.Restrictions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientScopeModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserConsentModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.services.managers.Auth;

/** Tells a page which keys its user can make. */
@Produces(MediaType.APPLICATION_JSON)
public final class KeyChoicesResource {

    private final KeycloakSession session;
    private final Auth caller;
    private final RealmModel realm;
    private final RealmPolicy policy;
    private final CallerRights rights;

    public KeyChoicesResource(KeycloakSession session, Auth caller) {
        this.session = session;
        this.caller = caller;
        this.realm = caller.getRealm();
        this.policy = RealmPolicy.of(realm);
        this.rights = new CallerRights(session, caller);
    }

    @GET
    public KeyChoices get() {
        CallerRights.requireRead(caller);
        Optional<ReadableKey> acting =
                rights.actingKeyId().flatMap(id -> HolderKeys.findReadable(caller.getUser(), id));
        KeyChoices.Count keys = new KeyChoices.Count(unexpiredKeys(), policy.maxKeysPerUser());
        Optional<Obstacle> tooMany =
                keys.count() >= keys.max() ? Optional.of(Obstacle.TOO_MANY_KEYS) : Optional.empty();
        return new KeyChoices(
                KeyChoices.Permission.unless(rights.obstacleToChange()),
                KeyChoices.Permission.unless(rights.obstacleToMake().or(() -> tooMany)),
                new KeyChoices.Login(
                        rights.isLoginRecent(),
                        rights.loginAge().map(KeyChoices.Expiry::seconds).orElse(null),
                        rights.maxLoginAge()),
                keys,
                new KeyChoices.NameRules(KeyName.MAX_LENGTH),
                expiry(acting.map(ReadableKey::data)
                        .map(ApiKeyCredentialData::expiresAt)
                        .orElse(null)),
                restrictable(acting.map(key -> key.restrictions(session, realm)).orElse(Restrictions.NONE)));
    }

    private long unexpiredKeys() {
        Instant now = Instant.now();
        return HolderKeys.ownedBy(caller.getUser(), realm, session).list().stream()
                .filter(key -> key.data().filter(data -> data.expired(now)).isEmpty())
                .count();
    }

    private KeyChoices.Expiry expiry(@Nullable Instant latest) {
        return new KeyChoices.Expiry(
                policy.expiryRequired() || policy.longestExpiry() != null || latest != null,
                KeyChoices.Expiry.seconds(
                        policy.defaultExpiry() == null ? policy.longestExpiry() : policy.defaultExpiry()),
                KeyChoices.Expiry.seconds(policy.longestExpiry()),
                latest == null ? null : latest.toString());
    }

    /** @param within the restrictions of the key that opened the session, which those of a new one cannot exceed */
    private KeyChoices.Restrictable restrictable(Restrictions within) {
        TokenRoles roles = TokenRoles.of(caller);
        return new KeyChoices.Restrictable(
                KeyChoices.Roles.of(roles.namable()),
                realm.getClientScopesStream()
                        .filter(scope -> OIDCLoginProtocol.LOGIN_PROTOCOL.equals(scope.getProtocol()))
                        .filter(ClientScopeModel::isIncludeInOpenIDProviderMetadata)
                        .map(ClientScopeModel::getName)
                        .filter(within::allowsScope)
                        .collect(Collectors.toCollection(TreeSet::new)),
                clients(roles)
                        .filter(client -> within.allowsClient(client.id()))
                        .sorted(Comparator.comparing(Named::id))
                        .toList(),
                new HolderOrganizations(session, caller.getUser())
                        .allowedBy(within)
                        .map(organization -> new Named(organization.getAlias(), organization.getName()))
                        .sorted(Comparator.comparing(Named::id))
                        .toList());
    }

    /**
     * Returns the clients that the user knows, which Keycloak's Account Console shows as well, and those whose roles the
     * user has. A realm may have many more, and who uses which is nobody's business.
     */
    private Stream<Named> clients(TokenRoles roles) {
        return Stream.of(
                        realm.getAlwaysDisplayInConsoleClientsStream(),
                        session.sessions()
                                .getUserSessionsStream(realm, caller.getUser())
                                .flatMap(opened -> opened.getAuthenticatedClientSessions().values().stream())
                                .map(opened -> opened.getClient()),
                        session.users()
                                .getConsentsStream(realm, caller.getUser().getId())
                                .map(UserConsentModel::getClient),
                        roles.clients())
                .flatMap(known -> known)
                .filter(ClientModel::isEnabled)
                .filter(client -> !Constants.defaultClients.contains(client.getClientId()))
                .map(client -> new Named(client.getClientId(), client.getName()))
                .distinct();
    }
}
