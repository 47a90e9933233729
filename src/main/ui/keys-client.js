/** The REST API for a user's own keys. */

/** The most keys that one answer lists. */
const PAGE = 1000;

/** What the API refused, and which field is to blame, if one is. */
export class Refusal extends Error {
  constructor(status, field, message) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** The API asks for a more recent login (RFC 9470). */
export class LoginRequired extends Error {
  constructor(maxAge) {
    super(`A login of the last ${maxAge} seconds is needed.`);
    this.maxAge = maxAge;
  }
}

export class KeysClient {
  #url;
  #token;

  /**
   * @param realmUrl the address of the realm, such as https://keycloak.example.org/realms/my-realm
   * @param token returns an access token of the user, or a promise of one
   */
  constructor(realmUrl, token) {
    this.#url = `${realmUrl}/api-keys`;
    this.#token = token;
  }

  /** Tells what the user may do, and which keys can be made. */
  choices() {
    return this.#send("GET", "/choices");
  }

  /** Returns all keys of the user, newest first. */
  async list() {
    const keys = [];
    let page;
    do {
      page = await this.#send("GET", `?first=${keys.length}&max=${PAGE}`);
      keys.push(...page);
    } while (page.length === PAGE);
    return keys;
  }

  create(key) {
    return this.#send("POST", "", key);
  }

  change(id, change) {
    return this.#send("PATCH", `/${encodeURIComponent(id)}`, change);
  }

  rotate(id, rotation) {
    return this.#send("POST", `/${encodeURIComponent(id)}/rotate`, rotation);
  }

  revoke(id) {
    return this.#send("DELETE", `/${encodeURIComponent(id)}`);
  }

  async #send(method, path, body) {
    const headers = { Accept: "application/json", Authorization: `Bearer ${await this.#token()}` };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
    }
    const response = await fetch(this.#url + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
    if (!response.ok) {
      throw await refusal(response);
    }
    return response.status === 204 ? null : response.json();
  }
}

async function refusal(response) {
  const challenge = response.headers.get("WWW-Authenticate") ?? "";
  if (response.status === 401 && challenge.includes('error="insufficient_user_authentication"')) {
    return new LoginRequired(Number(/max_age="(\d+)"/.exec(challenge)?.[1] ?? 0));
  }
  const text = await response.text();
  try {
    const { errorMessage, field } = JSON.parse(text);
    return new Refusal(response.status, field ?? null, errorMessage ?? text);
  } catch {
    return new Refusal(response.status, null, text || response.statusText);
  }
}
