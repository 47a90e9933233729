package io.apikeys.keycloak.gate;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.keycloak.models.ClientSecretConstants;
import org.keycloak.representations.idm.ClientRepresentation;

/**
 * Removes client secrets from responses to a key: with a secret, a caller would have the rights of the client's service
 * account long after the key has ended.
 */
@Provider
public final class SecretsFilter implements ContainerResponseFilter {

    /** Marks a request whose response goes to a key. */
    static final String READS_NO_SECRETS = SecretsFilter.class.getName();

    private static final String PRIVATE_KEY = "private.key";

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(READS_NO_SECRETS) == null || !response.hasEntity()) {
            return;
        }
        Object entity = response.getEntity();
        if (entity instanceof Stream<?> stream) {
            response.setEntity(stream.map(SecretsFilter::withoutSecrets));
        } else if (entity instanceof Collection<?> collection) {
            collection.forEach(SecretsFilter::withoutSecrets);
        } else {
            withoutSecrets(entity);
        }
    }

    private static Object withoutSecrets(Object answer) {
        if (answer instanceof ClientRepresentation client) {
            client.setSecret(null);
            if (client.getAttributes() != null) {
                Map<String, String> attributes = new HashMap<>(client.getAttributes());
                attributes.keySet().removeIf(SecretsFilter::isSecret);
                client.setAttributes(attributes);
            }
        }
        return answer;
    }

    private static boolean isSecret(String attribute) {
        return attribute.equals(ClientSecretConstants.CLIENT_ROTATED_SECRET) || attribute.endsWith(PRIVATE_KEY);
    }
}
