package io.apikeys.keycloak.support;

import java.util.Map;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.AuthenticationExecutionInfoRepresentation;
import org.keycloak.representations.idm.AuthenticationFlowRepresentation;
import org.keycloak.representations.idm.AuthenticatorConfigRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;

/** An authentication flow of a test realm, put together step by step. */
public final class Flow {

    private final RealmResource realm;
    private final String top;
    private final String alias;

    Flow(RealmResource realm, String alias) {
        this(realm, alias, alias);
    }

    private Flow(RealmResource realm, String top, String alias) {
        this.realm = realm;
        this.top = top;
        this.alias = alias;
    }

    /** Makes this flow, empty. */
    public Flow create() {
        AuthenticationFlowRepresentation flow = new AuthenticationFlowRepresentation();
        flow.setAlias(alias);
        flow.setProviderId("basic-flow");
        flow.setTopLevel(true);
        flow.setBuiltIn(false);
        realm.flows().createFlow(flow).close();
        return this;
    }

    public Flow step(String authenticator, String requirement) {
        realm.flows().addExecution(alias, Map.of("provider", authenticator));
        return require(authenticator, requirement);
    }

    public Flow step(String authenticator, String requirement, Map<String, String> config) {
        step(authenticator, requirement);
        AuthenticatorConfigRepresentation representation = new AuthenticatorConfigRepresentation();
        representation.setAlias(alias + " " + authenticator);
        representation.setConfig(config);
        realm.flows()
                .newExecutionConfig(execution(authenticator).getId(), representation)
                .close();
        return this;
    }

    /** Makes a flow within this one, and returns it. */
    public Flow subflow(String subAlias, String requirement) {
        realm.flows()
                .addExecutionFlow(
                        alias, Map.of("alias", subAlias, "type", "basic-flow", "provider", "registration-page-form"));
        require(subAlias, requirement);
        return new Flow(realm, top, subAlias);
    }

    public Flow require(String authenticatorOrSubflow, String requirement) {
        AuthenticationExecutionInfoRepresentation execution = execution(authenticatorOrSubflow);
        execution.setRequirement(requirement);
        realm.flows().updateExecutions(top, execution);
        return this;
    }

    /** Makes the whole flow the realm's browser flow. */
    public void bind() {
        RealmRepresentation changed = realm.toRepresentation();
        changed.setBrowserFlow(top);
        realm.update(changed);
    }

    /** Makes the whole flow the realm's direct grant flow. */
    public void bindToDirectGrant() {
        RealmRepresentation changed = realm.toRepresentation();
        changed.setDirectGrantFlow(top);
        realm.update(changed);
    }

    private AuthenticationExecutionInfoRepresentation execution(String authenticatorOrSubflow) {
        return realm.flows().getExecutions(top).stream()
                .filter(step -> authenticatorOrSubflow.equals(step.getProviderId())
                        || authenticatorOrSubflow.equals(step.getDisplayName()))
                .reduce((first, last) -> last)
                .orElseThrow();
    }
}
