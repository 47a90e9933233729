package io.apikeys.keycloak.internals.store;

import io.apikeys.keycloak.holder.NarrowableUser;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.GroupModel;
import org.keycloak.models.OrganizationModel;

/**
 * Shows the holder of an acting key only as a member of the organization that the key is restricted to, and without the
 * roles of its groups. Keycloak asks this provider, not the user, for both.
 */
record OrganizationLayer() implements StoreLayer {

    private static final String OF_MEMBER = "getByMember";
    private static final String GROUPS_OF_MEMBER = "getOrganizationGroupsByMember";

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Object after(Method method, Object[] arguments, @Nullable Object answer) {
        if (!(answer instanceof Stream<?> found)) {
            return answer;
        }
        if (method.getName().equals(OF_MEMBER) && arguments[0] instanceof NarrowableUser member) {
            return ((Stream<OrganizationModel>) found).filter(member::actsIn);
        }
        if (method.getName().equals(GROUPS_OF_MEMBER)
                && arguments[0] instanceof OrganizationModel organization
                && arguments[1] instanceof NarrowableUser member) {
            return member.actsIn(organization) ? member.withoutRoles((Stream<GroupModel>) found) : Stream.empty();
        }
        return answer;
    }
}
