/**
 * Access tokens for a page in one of Keycloak's consoles, which hand none to it: the authorization code flow with the
 * console's own client, in the background. The tokens belong to the console's session.
 */

import { OidcClient, random, Tokens } from "./oidc.js";

export class EmbeddedSession {
  #client;
  #redirectUri;
  #tokens;

  /** @param environment what the console's page says of itself */
  constructor(environment) {
    const protocol = `${realmUrl(environment)}/protocol/openid-connect`;
    this.#client = new OidcClient(environment.clientId, { authorization: `${protocol}/auth`, token: `${protocol}/token` });
    this.#redirectUri = new URL(environment.baseUrl, location.href).href;
    this.#tokens = new Tokens(this.#client, async () => {
      const tokens = await this.#signIn();
      if (tokens === null) {
        // The console's session has ended; the console itself asks for a login.
        location.reload();
        throw new Error("Signed out");
      }
      return tokens;
    });
  }

  /** Returns an access token that is still good for a while. */
  token() {
    return this.#tokens.access();
  }

  /**
   * @returns null if nobody is signed in
   * @throws an error if the server wants something else of the user first
   */
  async #signIn() {
    const verifier = random();
    const state = random();
    const redirectUri = this.#redirectUri;
    const response = await fetch(
      await this.#client.authorizationUrl({ state, redirectUri, verifier, response_mode: "query", prompt: "none" }),
      { credentials: "same-origin", cache: "no-store" },
    );
    const answer = new URL(response.url).searchParams;
    if (answer.get("state") === state && answer.get("error") === "login_required") {
      return null;
    }
    if (answer.get("state") !== state || !answer.has("code")) {
      throw new Error(`No token for this page: ${answer.get("error") ?? response.status}`);
    }
    return this.#client.redeem({ code: answer.get("code"), redirectUri, verifier });
  }

  /** Leaves for the login page, and comes back to this one. The console signs itself in then; the code is not needed. */
  async signInAgain(maxAge) {
    location.assign(
      await this.#client.authorizationUrl({
        state: random(),
        redirectUri: location.origin + location.pathname,
        verifier: random(),
        response_mode: "query",
        max_age: maxAge,
      }),
    );
  }
}

/** Returns the address of the console's realm. */
export function realmUrl({ serverBaseUrl, realm }) {
  return `${serverBaseUrl.replace(/\/+$/, "")}/realms/${encodeURIComponent(realm)}`;
}
