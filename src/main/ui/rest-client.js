/** Sends requests to a REST API with a bearer token. */

/** What the API refused, and which field is to blame, if one is. */
export class Refusal extends Error {
  /** @param isExplained whether the message is one for people */
  constructor(status, field, message, isExplained = true) {
    super(message);
    this.status = status;
    this.field = field;
    this.isExplained = isExplained;
  }
}

/** The API asks for a more recent login (RFC 9470). */
export class LoginRequired extends Error {
  constructor(maxAge) {
    super(`A login of the last ${maxAge} seconds is needed.`);
    this.maxAge = maxAge;
  }
}

export class RestClient {
  #url;
  #token;

  /**
   * @param url what the paths of requests begin with
   * @param token returns an access token of the user, or a promise of one
   */
  constructor(url, token) {
    this.#url = url;
    this.#token = token;
  }

  async send(method, path, body) {
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
    const { errorMessage, field, error_description: description } = JSON.parse(text);
    return new Refusal(response.status, field ?? null, errorMessage ?? description ?? text, Boolean(errorMessage ?? description));
  } catch {
    return new Refusal(response.status, null, text || response.statusText, false);
  }
}
