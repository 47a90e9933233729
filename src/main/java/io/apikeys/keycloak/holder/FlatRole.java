package io.apikeys.keycloak.holder;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.keycloak.models.RoleContainerModel;
import org.keycloak.models.RoleModel;

/** A role of a restricted holder without its composites; the holder has those that the key allows as separate roles. */
record FlatRole(RoleModel role) implements RoleModel {

    @Override
    public String getName() {
        return role.getName();
    }

    @Override
    public String getDescription() {
        return role.getDescription();
    }

    @Override
    public void setDescription(String description) {
        role.setDescription(description);
    }

    @Override
    public String getId() {
        return role.getId();
    }

    @Override
    public void setName(String name) {
        role.setName(name);
    }

    @Override
    public boolean isComposite() {
        return false;
    }

    @Override
    public void addCompositeRole(RoleModel composite) {
        role.addCompositeRole(composite);
    }

    @Override
    public void removeCompositeRole(RoleModel composite) {
        role.removeCompositeRole(composite);
    }

    @Override
    public Stream<RoleModel> getCompositesStream() {
        return Stream.empty();
    }

    @Override
    public Stream<RoleModel> getCompositesStream(String search, Integer first, Integer max) {
        return Stream.empty();
    }

    @Override
    public boolean isClientRole() {
        return role.isClientRole();
    }

    @Override
    public String getContainerId() {
        return role.getContainerId();
    }

    @Override
    public RoleContainerModel getContainer() {
        return role.getContainer();
    }

    @Override
    public boolean hasRole(RoleModel other) {
        return equals(other);
    }

    @Override
    public void setSingleAttribute(String name, String value) {
        role.setSingleAttribute(name, value);
    }

    @Override
    public void setAttribute(String name, List<String> values) {
        role.setAttribute(name, values);
    }

    @Override
    public void removeAttribute(String name) {
        role.removeAttribute(name);
    }

    @Override
    public String getFirstAttribute(String name) {
        return role.getFirstAttribute(name);
    }

    @Override
    public Stream<String> getAttributeStream(String name) {
        return role.getAttributeStream(name);
    }

    @Override
    public Map<String, List<String>> getAttributes() {
        return role.getAttributes();
    }

    /** Compares ids, as the roles of Keycloak's stores do. */
    @Override
    public boolean equals(Object other) {
        return other instanceof RoleModel that && that.getId().equals(getId());
    }

    @Override
    public int hashCode() {
        return getId().hashCode();
    }
}
