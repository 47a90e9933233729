package io.apikeys.keycloak.holder;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.ClientModel;
import org.keycloak.models.GroupModel;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RoleModel;

/** A group of a restricted holder without its roles; the holder has those that the key allows. */
record RolelessGroup(GroupModel group) implements GroupModel {

    static @Nullable GroupModel of(@Nullable GroupModel group) {
        return group == null ? null : new RolelessGroup(group);
    }

    @Override
    public Stream<RoleModel> getRoleMappingsStream() {
        return Stream.empty();
    }

    @Override
    public Stream<RoleModel> getRealmRoleMappingsStream() {
        return Stream.empty();
    }

    @Override
    public Stream<RoleModel> getClientRoleMappingsStream(ClientModel client) {
        return Stream.empty();
    }

    @Override
    public boolean hasRole(RoleModel role) {
        return false;
    }

    @Override
    public boolean hasDirectRole(RoleModel role) {
        return false;
    }

    @Override
    public @Nullable GroupModel getParent() {
        return of(group.getParent());
    }

    @Override
    public Stream<GroupModel> getSubGroupsStream() {
        return group.getSubGroupsStream().map(RolelessGroup::of);
    }

    @Override
    public Stream<GroupModel> getSubGroupsStream(String search, Integer first, Integer max) {
        return group.getSubGroupsStream(search, first, max).map(RolelessGroup::of);
    }

    @Override
    public Stream<GroupModel> getSubGroupsStream(Integer first, Integer max) {
        return group.getSubGroupsStream(first, max).map(RolelessGroup::of);
    }

    @Override
    public Stream<GroupModel> getSubGroupsStream(String search, Boolean exact, Integer first, Integer max) {
        return group.getSubGroupsStream(search, exact, first, max).map(RolelessGroup::of);
    }

    @Override
    public void grantRole(RoleModel role) {
        group.grantRole(role);
    }

    @Override
    public void deleteRoleMapping(RoleModel role) {
        group.deleteRoleMapping(role);
    }

    @Override
    public String getId() {
        return group.getId();
    }

    @Override
    public String getName() {
        return group.getName();
    }

    @Override
    public void setName(String name) {
        group.setName(name);
    }

    @Override
    public String getDescription() {
        return group.getDescription();
    }

    @Override
    public void setDescription(String description) {
        group.setDescription(description);
    }

    @Override
    public Long getCreatedTimestamp() {
        return group.getCreatedTimestamp();
    }

    @Override
    public void setCreatedTimestamp(Long timestamp) {
        group.setCreatedTimestamp(timestamp);
    }

    @Override
    public Long getLastModifiedTimestamp() {
        return group.getLastModifiedTimestamp();
    }

    @Override
    public void setLastModifiedTimestamp(Long timestamp) {
        group.setLastModifiedTimestamp(timestamp);
    }

    @Override
    public void setSingleAttribute(String name, String value) {
        group.setSingleAttribute(name, value);
    }

    @Override
    public void setAttribute(String name, List<String> values) {
        group.setAttribute(name, values);
    }

    @Override
    public void removeAttribute(String name) {
        group.removeAttribute(name);
    }

    @Override
    public String getFirstAttribute(String name) {
        return group.getFirstAttribute(name);
    }

    @Override
    public Stream<String> getAttributeStream(String name) {
        return group.getAttributeStream(name);
    }

    @Override
    public Map<String, List<String>> getAttributes() {
        return group.getAttributes();
    }

    @Override
    public String getParentId() {
        return group.getParentId();
    }

    @Override
    public Long getSubGroupsCount() {
        return group.getSubGroupsCount();
    }

    @Override
    public void setParent(GroupModel parent) {
        group.setParent(parent);
    }

    @Override
    public void addChild(GroupModel child) {
        group.addChild(child);
    }

    @Override
    public void removeChild(GroupModel child) {
        group.removeChild(child);
    }

    @Override
    public boolean escapeSlashesInGroupPath() {
        return group.escapeSlashesInGroupPath();
    }

    @Override
    public Type getType() {
        return group.getType();
    }

    @Override
    public OrganizationModel getOrganization() {
        return group.getOrganization();
    }

    /** Compares ids, as the groups of Keycloak's stores do. */
    @Override
    public boolean equals(Object other) {
        return other instanceof GroupModel that && that.getId().equals(getId());
    }

    @Override
    public int hashCode() {
        return getId().hashCode();
    }
}
