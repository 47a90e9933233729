/**
 * Access tokens for a page in Keycloak's Account Console, which hands none to it: the authorization code flow with the
 * console's own client, in the background. The tokens belong to the console's session, and are in memory only.
 */

/** A token is replaced so long before it expires. */
const EARLY_MILLIS = 20_000;

export class AccountSession {
  #environment;
  #protocol;
  #tokens = null;
  #pending = null;

  /** @param environment what the console's page says of itself */
  constructor(environment) {
    this.#environment = environment;
    this.#protocol = `${realmUrl(environment)}/protocol/openid-connect`;
  }

  /** Returns an access token that is still good for a while. */
  async token() {
    if (this.#tokens === null || this.#tokens.until < Date.now()) {
      this.#pending ??= this.#renew().finally(() => (this.#pending = null));
      await this.#pending;
    }
    return this.#tokens.access;
  }

  async #renew() {
    const refresh = this.#tokens?.refresh;
    this.#tokens =
      (refresh && (await this.#ask({ grant_type: "refresh_token", refresh_token: refresh }))) ?? (await this.#signIn());
    if (this.#tokens === null) {
      // The console's session has ended; the console itself asks for a login.
      location.reload();
      throw new Error("Signed out");
    }
  }

  /**
   * @returns null if nobody is signed in
   * @throws an error if the server wants something else of the user first
   */
  async #signIn() {
    const verifier = random();
    const state = random();
    const redirectUri = new URL(this.#environment.baseUrl, location.href).href;
    const response = await fetch(
      await this.#authorizationUrl({ state, redirectUri, verifier, prompt: "none" }),
      { credentials: "same-origin", cache: "no-store" },
    );
    const answer = new URL(response.url).searchParams;
    if (answer.get("state") === state && answer.get("error") === "login_required") {
      return null;
    }
    if (answer.get("state") !== state || !answer.has("code")) {
      throw new Error(`No token for this page: ${answer.get("error") ?? response.status}`);
    }
    return this.#ask({
      grant_type: "authorization_code",
      code: answer.get("code"),
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
  }

  async #authorizationUrl({ state, redirectUri, verifier, ...more }) {
    return `${this.#protocol}/auth?${new URLSearchParams({
      client_id: this.#environment.clientId,
      redirect_uri: redirectUri,
      response_type: "code",
      response_mode: "query",
      scope: "openid",
      state,
      code_challenge: base64Url(
        new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))),
      ),
      code_challenge_method: "S256",
      ...more,
    })}`;
  }

  /** @returns null if the server refuses */
  async #ask(parameters) {
    const response = await fetch(`${this.#protocol}/token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: this.#environment.clientId, ...parameters }),
      cache: "no-store",
    });
    if (!response.ok) {
      return null;
    }
    const { access_token: access, refresh_token: refresh, expires_in: seconds } = await response.json();
    return { access, refresh, until: Date.now() + seconds * 1000 - EARLY_MILLIS };
  }

  /** Leaves for the login page, and comes back to this one. The console signs itself in then; the code is not needed. */
  async signInAgain(maxAge) {
    location.assign(
      await this.#authorizationUrl({
        state: random(),
        redirectUri: location.origin + location.pathname,
        verifier: random(),
        max_age: maxAge,
      }),
    );
  }
}

/** Returns the address of the console's realm. */
export function realmUrl({ serverBaseUrl, realm }) {
  return `${serverBaseUrl.replace(/\/+$/, "")}/realms/${encodeURIComponent(realm)}`;
}

function random() {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64Url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
