/** Where in the administrators' pages somebody is. The address says so: #/my-realm/api-keys/key/1234?search=… */

const PATTERN = /^#\/([^/?]+)\/api-keys(?:\/(key|policy|import)(?:\/([^/?]+))?)?\/?(?:\?(.*))?$/;

export class AdminRoute {
  /**
   * @param view keys, key, policy or import
   * @param id of the key, if it is the view of one
   * @param query what the list is filtered by
   */
  constructor(realm, view = "keys", id = null, query = {}) {
    this.realm = realm;
    this.view = view;
    this.id = id;
    this.query = query;
  }

  /** @returns null if it is the address of something else */
  static parse(hash) {
    const parts = PATTERN.exec(hash);
    if (parts === null || (parts[2] === "key") !== (parts[3] !== undefined)) {
      return null;
    }
    return new AdminRoute(
      decodeURIComponent(parts[1]),
      parts[2],
      parts[3] === undefined ? null : decodeURIComponent(parts[3]),
      Object.fromEntries(new URLSearchParams(parts[4] ?? "")),
    );
  }

  get hash() {
    const view = this.view === "keys" ? "" : `/${this.view}`;
    const id = this.id === null ? "" : `/${encodeURIComponent(this.id)}`;
    const query = new URLSearchParams(this.query).toString();
    return `#/${encodeURIComponent(this.realm)}/api-keys${view}${id}${query ? `?${query}` : ""}`;
  }
}
