package io.apikeys.keycloak.internals.store;

import io.apikeys.keycloak.holder.ActingKeys;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RoleModel;

/**
 * Removes the roles that a key does not allow from the composites of roles that it allows. {@code RoleUtils} asks this
 * store for composites by role id, instead of the {@code FlatRole}s that it was given.
 */
record RoleLayer(KeycloakSession session) implements StoreLayer {

    private static final String COMPOSITES = "getCompositeRolesStream";

    @Override
    public @Nullable Object after(Method method, Object[] arguments, @Nullable Object answer) {
        if (!method.getName().equals(COMPOSITES) || !(answer instanceof Stream<?> composites)) {
            return answer;
        }
        ActingKeys acting = ActingKeys.of(session);
        return composites.filter(
                role -> acting.allowComposite((RoleModel) role, (Set<?>) arguments[arguments.length - 1]));
    }
}
