package io.apikeys.keycloak.rest;

import io.apikeys.keycloak.PlainFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProvider;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProviderFactory;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/** Serves {@code /admin/realms/{realm}/api-keys}. Keeps no state, so that it is its own factory. */
public final class AdminProvider
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
        return new AdminResource(session, realm, auth, adminEvent);
    }

    @Override
    public void close() {}
}
