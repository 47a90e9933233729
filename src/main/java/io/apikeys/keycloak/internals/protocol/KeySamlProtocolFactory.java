package io.apikeys.keycloak.internals.protocol;

import io.apikeys.keycloak.internals.token.KeyTokenManager;
import io.apikeys.keycloak.session.KeySession;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.GregorianCalendar;
import java.util.List;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import org.keycloak.Config;
import org.keycloak.dom.saml.v2.assertion.AuthnStatementType;
import org.keycloak.dom.saml.v2.protocol.ResponseType;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.saml.SamlProtocol;
import org.keycloak.protocol.saml.SamlProtocolFactory;
import org.keycloak.protocol.saml.SamlService;
import org.keycloak.protocol.saml.mappers.SAMLLoginResponseMapper;
import org.keycloak.saml.processing.api.util.DeflateUtil;
import org.keycloak.saml.validators.DestinationValidator;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Keycloak's SAML protocol, with the assertions of key sessions restricted to the scopes that the key allows. */
public final class KeySamlProtocolFactory extends SamlProtocolFactory {

    private DestinationValidator destinationValidator;
    private long maxInflatingSize;

    @Override
    public void init(Config.Scope config) {
        super.init(config);
        // The fields of the superclass are private.
        destinationValidator = DestinationValidator.forProtocolMap(config.getArray("knownProtocols"));
        maxInflatingSize = config.getLong("maxInflatingSize", DeflateUtil.DEFAULT_MAX_INFLATING_SIZE);
    }

    @Override
    public LoginProtocol create(KeycloakSession session) {
        return new KeySamlProtocol().setSession(session);
    }

    @Override
    public Object createProtocolEndpoint(KeycloakSession session, EventBuilder event) {
        return new KeySamlService(session, event, maxInflatingSize, destinationValidator);
    }

    /** Returns the order of Keycloak's SAML protocol plus one; the Admin Console also sorts protocols by it. */
    @Override
    public int order() {
        return super.order() + 1;
    }

    private static final class KeySamlProtocol extends SamlProtocol {

        @Override
        public Response authenticated(
                AuthenticationSessionModel login, UserSessionModel userSession, ClientSessionContext context) {
            return super.authenticated(login, userSession, KeyTokenManager.narrow(session, userSession, context));
        }

        /** Limits the client's session to the key's expiry ({@code SessionNotOnOrAfter}; SAML Core, section 2.7.2). */
        @Override
        public ResponseType transformLoginResponse(
                List<ProtocolMapperProcessor<SAMLLoginResponseMapper>> mappers,
                ResponseType response,
                KeycloakSession session,
                UserSessionModel userSession,
                ClientSessionContext context) {
            ResponseType mapped = super.transformLoginResponse(mappers, response, session, userSession, context);
            KeySession.key(session, userSession)
                    .map(key -> key.data().expiresAt())
                    .ifPresent(end -> endBy(end, mapped));
            return mapped;
        }

        private static void endBy(Instant end, ResponseType response) {
            response.getAssertions().stream()
                    .flatMap(each -> each.getAssertion().getStatements().stream())
                    .filter(AuthnStatementType.class::isInstance)
                    .map(AuthnStatementType.class::cast)
                    .filter(login -> login.getSessionNotOnOrAfter() == null
                            || login.getSessionNotOnOrAfter()
                                    .toGregorianCalendar()
                                    .toInstant()
                                    .isAfter(end))
                    .forEach(login -> login.setSessionNotOnOrAfter(time(end)));
        }

        private static XMLGregorianCalendar time(Instant instant) {
            return DatatypeFactory.newDefaultInstance()
                    .newXMLGregorianCalendar(GregorianCalendar.from(instant.atZone(ZoneOffset.UTC)));
        }
    }

    /** Passes {@link KeySamlProtocol} to a login that must not interact with the user ({@code IsPassive}). */
    private static final class KeySamlService extends SamlService {

        KeySamlService(
                KeycloakSession session,
                EventBuilder event,
                long maxInflatingSize,
                DestinationValidator destinationValidator) {
            super(session, event, maxInflatingSize, destinationValidator);
        }

        @Override
        protected Response newBrowserAuthentication(
                AuthenticationSessionModel login, boolean passive, boolean redirect, SamlProtocol keycloaks) {
            SamlProtocol protocol = new KeySamlProtocol()
                    .setSession(session)
                    .setRealm(realm)
                    .setEventBuilder(event)
                    .setHttpHeaders(headers)
                    .setUriInfo(session.getContext().getUri());
            return super.newBrowserAuthentication(login, passive, redirect, protocol);
        }
    }
}
