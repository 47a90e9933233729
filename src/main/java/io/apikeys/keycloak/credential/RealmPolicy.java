package io.apikeys.keycloak.credential;

/**
 * What a realm settles about all of its keys.
 *
 * @param prefix of new keys; keys with an earlier prefix go on working
 * @param maxKeysPerUser how many keys a user may have at a time. A user's keys live in one cache entry together, so
 *     there has to be a bound
 */
record RealmPolicy(String prefix, int maxKeysPerUser) {

    static final RealmPolicy DEFAULT = new RealmPolicy("kck", 100);
}
