package io.apikeys.keycloak.restriction;

import java.util.List;

/**
 * Restrictions as they are shown to people and programs. No decision may be based on them.
 *
 * @param restrictions with the present names of all objects, and the earlier names of those that no longer exist
 * @param missing the names of objects that no longer exist, each behind its field, such as {@code realmRoles.reader}
 */
public record ShownRestrictions(Restrictions restrictions, List<String> missing) {}
