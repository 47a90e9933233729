package io.apikeys.keycloak.gate;

import java.util.List;

/**
 * The rights of a key that decide which endpoints it reaches.
 *
 * @param ended whether the key is revoked, disabled or expired, or keys are disabled in its realm
 * @param administers whether the key may use Keycloak's administration at all; the store decides with which roles
 * @param managesCredentials whether its sessions may change credentials and other settings that decide how users sign
 *     in
 * @param admittedPaths paths below {@code /realms/{realm}}, without leading and trailing slashes, that its realm has
 *     opened to keys
 */
record KeyRights(boolean ended, boolean administers, boolean managesCredentials, List<String> admittedPaths) {}
