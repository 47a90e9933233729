package io.apikeys.keycloak.rest.admin;

import io.apikeys.keycloak.PlainFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProvider;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProviderFactory;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/** Serves {@code /admin/realms/{realm}/api-keys}. Stateless, and therefore its own factory. */
public final class AdminApiKeysResourceProvider
        implements AdminRealmResourceProviderFactory,
                PlainFactory<AdminRealmResourceProvider>,
                AdminRealmResourceProvider {

    @Override
    public String getId() {
        return "api-keys";
    }

    @Override
    public AdminRealmResourceProvider create(KeycloakSession session) {
        return this;
    }

    @Override
    public Object getResource(
            KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth, AdminEventBuilder adminEvent) {
        AdminAccess access = new AdminAccess(session, realm, auth);
        access.requireKeysEnabled();
        return new AdminApiKeysResource(session, realm, access, adminEvent);
    }

    @Override
    public void close() {}
}
