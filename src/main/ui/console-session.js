/**
 * The login of the stand-alone page: the authorization code flow with the client of the Admin Console, which every realm
 * has. That client allows redirects to addresses below its own only; the server redirects one of these to this page.
 * The answer comes in the fragment, so that it reaches no server. Session storage holds what PKCE needs for the login,
 * never a token.
 */

import { OidcClient, random, Tokens } from "./oidc.js";

const CLIENT = "security-admin-console";
const LOGIN = "keycloak-api-keys login";

export class ConsoleSession {
  #client;
  #redirectUri;
  #endSession;
  #tokens;

  constructor(client, redirectUri, endSession) {
    this.#client = client;
    this.#redirectUri = redirectUri;
    this.#endSession = endSession;
    this.#tokens = new Tokens(client, () => this.#finish() ?? this.#signIn());
  }

  /** @param place serverUrl and realm, where the page is */
  static async load({ serverUrl, realm }) {
    const name = encodeURIComponent(realm);
    const response = await fetch(`${serverUrl}/realms/${name}/.well-known/openid-configuration`);
    if (!response.ok) {
      throw new Error(`The realm could not be loaded: ${response.status}`);
    }
    const realmEndpoints = await response.json();
    return new ConsoleSession(
      new OidcClient(CLIENT, {
        authorization: realmEndpoints.authorization_endpoint,
        token: realmEndpoints.token_endpoint,
      }),
      `${serverUrl}/admin/${name}/console/api-keys`,
      realmEndpoints.end_session_endpoint,
    );
  }

  /** Returns an access token. Without a session, leaves for the login page. */
  token() {
    return this.#tokens.access();
  }

  signOut() {
    location.assign(
      `${this.#endSession}?${new URLSearchParams({ client_id: CLIENT, post_logout_redirect_uri: this.#redirectUri })}`,
    );
  }

  /** Leaves for the login page, to come back to where the user is now. */
  async #signIn() {
    const login = { state: random(), verifier: random() };
    sessionStorage.setItem(LOGIN, JSON.stringify({ ...login, place: location.hash.startsWith("#/") ? location.hash : "" }));
    location.assign(
      await this.#client.authorizationUrl({ ...login, redirectUri: this.#redirectUri, response_mode: "fragment" }),
    );
    return new Promise(() => {});
  }

  /** @returns a promise of tokens; null if this page is not the answer to a login of this tab */
  #finish() {
    const answer = new URLSearchParams(location.hash.slice(1));
    const login = JSON.parse(sessionStorage.getItem(LOGIN));
    if (login === null || answer.get("state") !== login.state) {
      return null;
    }
    sessionStorage.removeItem(LOGIN);
    history.replaceState(null, "", location.pathname + login.place);
    if (!answer.has("code")) {
      throw new Error(answer.get("error_description") ?? answer.get("error"));
    }
    return this.#redeem(answer.get("code"), login.verifier);
  }

  async #redeem(code, verifier) {
    const tokens = await this.#client.redeem({ code, verifier, redirectUri: this.#redirectUri });
    if (tokens === null) {
      throw new Error("The login could not be completed.");
    }
    return tokens;
  }
}
