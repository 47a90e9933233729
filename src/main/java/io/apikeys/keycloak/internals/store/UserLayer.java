package io.apikeys.keycloak.internals.store;

import io.apikeys.keycloak.holder.CredentialGuard;
import io.apikeys.keycloak.holder.NarrowableUser;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.ClientModel;
import org.keycloak.models.FederatedIdentityModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.light.LightweightUserAdapter;

/**
 * Returns every user as a {@link NarrowableUser}. A request that acts for a key neither sees the tokens of identity
 * links nor changes the links.
 */
record UserLayer(KeycloakSession session) implements StoreLayer {

    /** Methods that change means of signing in or proving an identity, other than stored credentials. */
    private static final Set<String> IDENTITY_WRITES = Set.of(
            "addFederatedIdentity",
            "updateFederatedIdentity",
            "removeFederatedIdentity",
            "addVerifiableCredential",
            "updateVerifiableCredential",
            "addIssuedVerifiableCredential");

    @Override
    public void before(Method method, Object[] arguments) {
        if (IDENTITY_WRITES.contains(method.getName())) {
            CredentialGuard.of(session).refuseIdentity();
        }
    }

    @Override
    public @Nullable Object after(Method method, Object[] arguments, @Nullable Object answer) {
        if (answer instanceof UserModel user) {
            return narrowable(user, realm(arguments), method.getName().equals("addUser"));
        }
        if (answer instanceof FederatedIdentityModel identity) {
            return withoutToken(identity);
        }
        if (answer instanceof Stream<?> identities && method.getName().equals("getFederatedIdentitiesStream")) {
            return identities.map(identity -> withoutToken((FederatedIdentityModel) identity));
        }
        if (answer instanceof Stream<?> users && isOfUsers(method)) {
            RealmModel realm = realm(arguments);
            return users.map(user -> narrowable((UserModel) user, realm, false));
        }
        return answer;
    }

    /** Removes the identity provider's token from a link if the request acts for a key. */
    private FederatedIdentityModel withoutToken(FederatedIdentityModel identity) {
        return identity.getToken() == null || !CredentialGuard.of(session).acts()
                ? identity
                : new FederatedIdentityModel(
                        identity.getIdentityProvider(), identity.getUserId(), identity.getUserName());
    }

    private UserModel narrowable(UserModel user, RealmModel realm, boolean isNew) {
        return user instanceof NarrowableUser || LightweightUserAdapter.isLightweightUser(user)
                ? user
                : new NarrowableUser(session, realm, user, isNew);
    }

    static boolean isOfUsers(Method method) {
        return method.getGenericReturnType() instanceof ParameterizedType type
                && type.getActualTypeArguments()[0] == UserModel.class;
    }

    /** Returns the realm in which users were looked up, which is also the realm of a key's role names. */
    private RealmModel realm(Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof RealmModel realm) {
                return realm;
            }
            if (argument instanceof ClientModel client) {
                return client.getRealm();
            }
        }
        return session.getContext().getRealm();
    }
}
