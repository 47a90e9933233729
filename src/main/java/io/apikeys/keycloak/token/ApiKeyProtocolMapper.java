package io.apikeys.keycloak.token;

import io.apikeys.keycloak.credential.ReadableKey;
import io.apikeys.keycloak.session.KeySession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.mappers.AbstractOIDCProtocolMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAccessTokenMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAttributeMapperHelper;
import org.keycloak.protocol.oidc.mappers.OIDCIDTokenMapper;
import org.keycloak.protocol.oidc.mappers.TokenIntrospectionTokenMapper;
import org.keycloak.protocol.oidc.mappers.UserInfoTokenMapper;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.representations.IDToken;

/**
 * Adds the key that opened a session to its tokens, as claim {@code {"id", "name", "metadata"?}}, which is
 * {@value #DEFAULT_CLAIM} by default. Adds nothing to the tokens of other sessions.
 */
public final class ApiKeyProtocolMapper extends AbstractOIDCProtocolMapper
        implements OIDCAccessTokenMapper, OIDCIDTokenMapper, UserInfoTokenMapper, TokenIntrospectionTokenMapper {

    public static final String PROVIDER_ID = "oidc-api-key-mapper";

    private static final String DEFAULT_CLAIM = "api_key";

    private static final List<ProviderConfigProperty> CONFIG = new ArrayList<>();

    static {
        OIDCAttributeMapperHelper.addTokenClaimNameConfig(CONFIG);
        CONFIG.get(0).setDefaultValue(DEFAULT_CLAIM);
        OIDCAttributeMapperHelper.addIncludeInTokensConfig(CONFIG, ApiKeyProtocolMapper.class);
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public String getDisplayType() {
        return "API key";
    }

    @Override
    public String getDisplayCategory() {
        return TOKEN_MAPPER_CATEGORY;
    }

    @Override
    public String getHelpText() {
        return "Adds the API key that opened the session: its id, name and metadata.";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.copyOf(CONFIG);
    }

    private static Map<String, Object> described(ReadableKey key) {
        Map<String, Object> claim = new LinkedHashMap<>();
        claim.put("id", key.id());
        claim.put("name", key.credential().name());
        if (key.data().metadata() != null) {
            claim.put("metadata", key.data().metadata());
        }
        return claim;
    }

    @Override
    protected void setClaim(
            IDToken token,
            ProtocolMapperModel mapper,
            UserSessionModel userSession,
            KeycloakSession session,
            ClientSessionContext clientSession) {
        String claim = mapper.getConfig().getOrDefault(OIDCAttributeMapperHelper.TOKEN_CLAIM_NAME, DEFAULT_CLAIM);
        KeySession.key(session, userSession).ifPresent(key -> token.setOtherClaims(claim, described(key)));
    }
}
