/** The Admin REST API of a realm: that for keys, and what of Keycloak's own the page needs. */

import { Refusal, RestClient } from "./rest-client.js";

/** The most keys that one answer lists. */
const PAGE = 1000;

/** How many users or clients are offered for what somebody has typed. */
const OFFERED = 20;

const ACTION = "/authentication/required-actions/CREATE_API_KEY";

export class AdminClient extends RestClient {
  /** @param serverUrl the address of the server, without a slash at the end */
  constructor(serverUrl, realm, token) {
    super(`${serverUrl}/admin/realms/${encodeURIComponent(realm)}`, token);
  }

  list(query) {
    return this.send("GET", `/api-keys?${new URLSearchParams(query)}`);
  }

  count(query) {
    return this.send("GET", `/api-keys/count?${new URLSearchParams(query)}`);
  }

  /**
   * Returns all keys that a query selects.
   *
   * @param progress is told how many there are so far
   */
  async listAll(query, progress) {
    const keys = [];
    let page;
    do {
      page = await this.list({ ...query, first: keys.length, max: PAGE });
      keys.push(...page);
      progress(keys.length);
    } while (page.length === PAGE);
    return keys;
  }

  get(id) {
    return this.send("GET", `/api-keys/${encodeURIComponent(id)}`);
  }

  create(key) {
    return this.send("POST", "/api-keys", key);
  }

  change(id, change) {
    return this.send("PATCH", `/api-keys/${encodeURIComponent(id)}`, change);
  }

  rotate(id, rotation) {
    return this.send("POST", `/api-keys/${encodeURIComponent(id)}/rotate`, rotation);
  }

  /** @param reason a word that the events record */
  revoke(id, reason) {
    return this.send("DELETE", `/api-keys/${encodeURIComponent(id)}?${new URLSearchParams({ reason })}`);
  }

  revokeAll(userId, reason) {
    return this.send("DELETE", `/api-keys?${new URLSearchParams({ userId, reason })}`);
  }

  lookUp(key) {
    return this.send("POST", "/api-keys/lookup", { key });
  }

  /** @param keys at most 1,000 */
  importKeys(keys) {
    return this.send("POST", "/api-keys/import", keys);
  }

  /** Returns the realm's policy: the properties with their help, and the values that are set. */
  async policy() {
    const [{ properties }, { config }] = await Promise.all([
      this.send("GET", `${ACTION}/config-description`),
      this.send("GET", `${ACTION}/config`),
    ]);
    return { properties, config: config ?? {} };
  }

  savePolicy(config) {
    return this.send("PUT", `${ACTION}/config`, { config });
  }

  users(search) {
    return this.send("GET", `/users?${new URLSearchParams({ search, max: OFFERED, briefRepresentation: true })}`);
  }

  /** Returns clients that have a service account, by a part of their id. */
  async clientsWithServiceAccount(clientId) {
    const clients = await this.send("GET", `/clients?${new URLSearchParams({ clientId, search: true, max: OFFERED })}`);
    return clients.filter((client) => client.serviceAccountsEnabled);
  }

  /** @param id the id of the client, not its client id */
  serviceAccount(id) {
    return this.send("GET", `/clients/${encodeURIComponent(id)}/service-account-user`);
  }

  /** Returns the roles that a user has, however they came by them. */
  async rolesOf(userId) {
    const id = encodeURIComponent(userId);
    const [ofRealm, ofClients] = await Promise.all([
      this.send("GET", `/users/${id}/role-mappings/realm/composite`),
      this.send("GET", `/ui-ext/effective-roles/users/${id}`),
    ]);
    const clientRoles = Object.create(null);
    for (const { client, role } of ofClients.filter((each) => each.client)) {
      (clientRoles[client] ??= []).push(role);
    }
    return { realmRoles: ofRealm.map(({ name }) => name).sort(), clientRoles };
  }

  /** @param since a day, such as 2027-01-31 */
  events(userId, since, first, max) {
    return this.send("GET", `/events?${new URLSearchParams({ user: userId, dateFrom: since, first, max })}`);
  }
}

/** Returns what a promise promises, or something else where the caller may not ask for it, or the realm does not have it. */
export async function orElse(promise, other) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Refusal && (error.status === 403 || error.status === 404)) {
      return other;
    }
    throw error;
  }
}
