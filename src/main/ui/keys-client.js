/** The REST API for a user's own keys. */

import { RestClient } from "./rest-client.js";

/** The most keys that one answer lists. */
const PAGE = 1000;

export class KeysClient extends RestClient {
  /**
   * @param realmUrl the address of the realm, such as https://keycloak.example.org/realms/my-realm
   * @param token returns an access token of the user, or a promise of one
   */
  constructor(realmUrl, token) {
    super(`${realmUrl}/api-keys`, token);
  }

  /** Tells what the user may do, and which keys can be made. */
  choices() {
    return this.send("GET", "/choices");
  }

  /** Returns all keys of the user, newest first. */
  async list() {
    const keys = [];
    let page;
    do {
      page = await this.send("GET", `?first=${keys.length}&max=${PAGE}`);
      keys.push(...page);
    } while (page.length === PAGE);
    return keys;
  }

  create(key) {
    return this.send("POST", "", key);
  }

  change(id, change) {
    return this.send("PATCH", `/${encodeURIComponent(id)}`, change);
  }

  rotate(id, rotation) {
    return this.send("POST", `/${encodeURIComponent(id)}/rotate`, rotation);
  }

  revoke(id) {
    return this.send("DELETE", `/${encodeURIComponent(id)}`);
  }
}
