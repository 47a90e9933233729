/** OpenID Connect for pages: the authorization code flow with PKCE of a public client. Tokens are in memory only. */

/** A token is replaced so long before it expires. */
const EARLY_MILLIS = 20_000;

export class OidcClient {
  #id;
  #endpoints;

  /** @param endpoints authorization and token, the addresses of the realm's endpoints */
  constructor(id, endpoints) {
    this.#id = id;
    this.#endpoints = endpoints;
  }

  /** Returns the address at which the user signs in. */
  async authorizationUrl({ state, redirectUri, verifier, ...more }) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    return `${this.#endpoints.authorization}?${new URLSearchParams({
      client_id: this.#id,
      redirect_uri: redirectUri,
      response_type: "code",
      scope: "openid",
      state,
      code_challenge: base64Url(new Uint8Array(digest)),
      code_challenge_method: "S256",
      ...more,
    })}`;
  }

  /**
   * Exchanges the code of a login for tokens.
   *
   * @returns null if the server refuses
   */
  redeem({ code, redirectUri, verifier }) {
    return this.#ask({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
  }

  /** @returns null if the session has ended */
  refresh(token) {
    return this.#ask({ grant_type: "refresh_token", refresh_token: token });
  }

  async #ask(parameters) {
    const response = await fetch(this.#endpoints.token, {
      method: "POST",
      body: new URLSearchParams({ client_id: this.#id, ...parameters }),
      cache: "no-store",
    });
    if (!response.ok) {
      return null;
    }
    const { access_token: access, refresh_token: refresh, expires_in: seconds } = await response.json();
    return { access, refresh, until: Date.now() + seconds * 1000 - EARLY_MILLIS };
  }
}

/** Access tokens that are replaced before they expire. */
export class Tokens {
  #client;
  #signIn;
  #current = null;
  #pending = null;

  /** @param signIn returns the tokens of a login, where there are none, or none any more */
  constructor(client, signIn) {
    this.#client = client;
    this.#signIn = signIn;
  }

  /** Returns an access token that is still good for a while. */
  async access() {
    if (this.#current === null || this.#current.until < Date.now()) {
      this.#pending ??= this.#renew().finally(() => (this.#pending = null));
      await this.#pending;
    }
    return this.#current.access;
  }

  async #renew() {
    const refresh = this.#current?.refresh;
    this.#current = (refresh && (await this.#client.refresh(refresh))) ?? (await this.#signIn());
  }
}

/** Returns a text that nobody can guess. */
export function random() {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64Url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
