package io.apikeys.keycloak.support;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.common.util.MultivaluedHashMap;
import org.keycloak.representations.idm.ComponentExportRepresentation;
import org.keycloak.representations.idm.ComponentRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.storage.UserStorageProvider;

/** An LDAP server with people, as a realm's user storage. Must be closed. */
public final class Directory implements AutoCloseable {

    private static final String LDAP = "ldap";
    private static final String MAPPER = "user-attribute-ldap-mapper";
    private static final String MAPPER_TYPE = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper";
    private static final String ROOT = "dc=example,dc=org";
    private static final String PEOPLE = "ou=people," + ROOT;
    private static final String ADMIN = "cn=admin," + ROOT;
    private static final String PASSWORD = "directory";

    /** An attribute of people of which the realm reads whether an account is enabled. */
    private static final String ENABLED = "employeeType";

    private final InetAddress address;
    private final InMemoryDirectoryServer server;

    public Directory() throws LDAPException, IOException {
        address = KeycloakServer.running().reachableAddress();
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(ROOT);
        config.addAdditionalBindCredentials(ADMIN, PASSWORD);
        config.setListenerConfigs(InMemoryListenerConfig.createLDAPConfig("loopback", address, 0, null));
        server = new InMemoryDirectoryServer(config);
        server.startListening();
        server.add(ROOT, new Attribute("objectClass", "domain"), new Attribute("dc", "example"));
        server.add(PEOPLE, new Attribute("objectClass", "organizationalUnit"), new Attribute("ou", "people"));
    }

    public void add(String username) throws LDAPException {
        server.add(
                dn(username),
                new Attribute("objectClass", "inetOrgPerson"),
                new Attribute("uid", username),
                new Attribute("cn", username),
                new Attribute("sn", "Example"),
                new Attribute("mail", username + "@example.org"),
                new Attribute(ENABLED, "true"));
    }

    public void disable(String username) throws LDAPException {
        server.modify(dn(username), new Modification(ModificationType.REPLACE, ENABLED, "false"));
    }

    public void remove(String username) throws LDAPException {
        server.delete(dn(username));
    }

    private static String dn(String username) {
        return "uid=" + username + "," + PEOPLE;
    }

    /** Takes the server away until {@link #resume}. */
    public void stop() {
        server.shutDown(true);
    }

    public void resume() throws LDAPException {
        server.startListening();
    }

    /**
     * Makes this the user storage of a realm.
     *
     * @param imported whether Keycloak copies its users into its own database
     */
    public void connect(TestRealm realm, boolean imported) {
        String id = component(
                realm,
                realm.admin().toRepresentation().getId(),
                LDAP,
                UserStorageProvider.class.getName(),
                settings(imported));
        component(realm, id, MAPPER, MAPPER_TYPE, attribute(ENABLED, "enabled"));
    }

    /**
     * Puts this into a realm to import, as its user storage.
     *
     * @param id of the user storage
     */
    public void putInto(RealmRepresentation realm, String id) {
        ComponentExportRepresentation storage = exported(LDAP, settings(false));
        storage.setId(id);
        MultivaluedHashMap<String, ComponentExportRepresentation> mappers = new MultivaluedHashMap<>();
        mappers.add(MAPPER_TYPE, exported(MAPPER, attribute("uid", "username")));
        storage.setSubComponents(mappers);
        MultivaluedHashMap<String, ComponentExportRepresentation> components = new MultivaluedHashMap<>();
        components.add(UserStorageProvider.class.getName(), storage);
        realm.setComponents(components);
    }

    private static ComponentExportRepresentation exported(String provider, Map<String, String> settings) {
        ComponentExportRepresentation component = new ComponentExportRepresentation();
        component.setName(provider);
        component.setProviderId(provider);
        MultivaluedHashMap<String, String> config = new MultivaluedHashMap<>();
        settings.forEach(config::putSingle);
        component.setConfig(config);
        return component;
    }

    /** Returns the settings of a mapper. */
    private static Map<String, String> attribute(String ofPerson, String ofUser) {
        return Map.of(
                "ldap.attribute", ofPerson,
                "user.model.attribute", ofUser,
                "read.only", "true",
                "always.read.value.from.ldap", "false",
                "is.mandatory.in.ldap", "false");
    }

    private Map<String, String> settings(boolean imported) {
        return Map.ofEntries(
                Map.entry("enabled", "true"),
                Map.entry("priority", "0"),
                Map.entry("importEnabled", "" + imported),
                Map.entry("editMode", "READ_ONLY"),
                Map.entry("vendor", "other"),
                Map.entry("usernameLDAPAttribute", "uid"),
                Map.entry("rdnLDAPAttribute", "uid"),
                Map.entry("uuidLDAPAttribute", "entryUUID"),
                Map.entry("userObjectClasses", "inetOrgPerson"),
                Map.entry(
                        "connectionUrl", "ldap://" + address.getHostAddress() + ":" + server.getListenPort("loopback")),
                Map.entry("usersDn", PEOPLE),
                Map.entry("authType", "simple"),
                Map.entry("bindDn", ADMIN),
                Map.entry("bindCredential", PASSWORD),
                Map.entry("connectionPooling", "false"),
                Map.entry("cachePolicy", "DEFAULT"));
    }

    private static String component(
            TestRealm realm, String parentId, String provider, String type, Map<String, String> settings) {
        ComponentRepresentation component = new ComponentRepresentation();
        component.setName(provider);
        component.setProviderId(provider);
        component.setProviderType(type);
        component.setParentId(parentId);
        MultivaluedHashMap<String, String> config = new MultivaluedHashMap<>();
        settings.forEach(config::putSingle);
        component.setConfig(config);
        return CreatedResponseUtil.getCreatedId(realm.admin().components().add(component));
    }

    @Override
    public void close() {
        server.shutDown(true);
    }
}
