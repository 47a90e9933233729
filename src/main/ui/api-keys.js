import { openCreateDialog } from "./create-dialog.js";
import { openDetailsDialog } from "./details-dialog.js";
import { button, h } from "./dom.js";
import { keep, take } from "./draft.js";
import { Format } from "./format.js";
import { keyList } from "./key-list.js";
import { KeysClient } from "./keys-client.js";
import { LoginRequired, Refusal } from "./rest-client.js";
import { openRotateDialog } from "./rotate-dialog.js";
import { STYLES } from "./styles.js";
import { Texts } from "./texts.js";

/** What the API says in English, by status and field, as the page says it. */
const KNOWN_REFUSALS = {
  "409 name": "apiKeyNameTaken",
  "400 expiresAt": "apiKeyExpiryNotAllowed",
  "400 expiresIn": "apiKeyExpiryNotAllowed",
  "400 restrictions.clients": "apiKeysUnknownProgram",
  "400 restrictions.cidrs": "apiKeysNetworksHelp",
};

/**
 * The API keys of a user: <keycloak-api-keys realm-url="https://keycloak.example.org/realms/my-realm">.
 *
 * Attributes: realm-url; lang (else that of the nearest element around). Property: token, an access token of the user, or
 * a function that returns one or a promise of one. Events, which bubble: api-key-created and api-key-revoked, with id, name and
 * hint, never with the key; api-key-login-required, with maxAge: the page around sends the user to the login page with that
 * max_age and calls preventDefault; when the user comes back in the same tab, the form is as it was left.
 */
export class KeycloakApiKeys extends HTMLElement {
  static observedAttributes = ["realm-url", "lang"];

  #token = null;
  #loading = false;
  #isStale = false;
  #content = h("div", {}, h("div", { class: "spinner" }));
  #status = h("p", { class: "status", role: "status", tabindex: "-1" });

  constructor() {
    super();
    const styles = new CSSStyleSheet();
    styles.replaceSync(STYLES);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles];
    root.append(this.#status, this.#content);
  }

  get token() {
    return this.#token;
  }

  set token(token) {
    this.#token = token;
    this.#start();
  }

  get realmUrl() {
    return (this.getAttribute("realm-url") ?? "").replace(/\/+$/, "");
  }

  connectedCallback() {
    if (Object.hasOwn(this, "token")) {
      // It was set before this module was loaded.
      const token = this.token;
      delete this.token;
      this.token = token;
    }
    this.#start();
  }

  attributeChangedCallback() {
    this.#start();
  }

  /** Loads once all is there that it takes; what is set in one go is loaded once. */
  #start() {
    if (!this.isConnected || !this.#token || !this.realmUrl) {
      return;
    }
    if (this.#loading) {
      this.#isStale = true;
      return;
    }
    this.#loading = true;
    queueMicrotask(async () => {
      this.#isStale = false;
      try {
        await this.#load();
      } catch (error) {
        console.error("API keys could not be shown:", error.message);
        this.#content.replaceChildren(h("p", { class: "alert danger", role: "alert" }, error.message));
      } finally {
        this.#loading = false;
        if (this.#isStale) {
          this.#start();
        }
      }
    });
  }

  async #load() {
    const realmUrl = this.realmUrl;
    this.#content.replaceChildren(h("div", { class: "spinner" }));
    const lang = this.closest("[lang]")?.lang || navigator.language;
    const texts = await Texts.load(realmUrl, lang);
    const page = {
      root: this.shadowRoot,
      texts,
      format: new Format(texts),
      client: new KeysClient(realmUrl, async () => (typeof this.#token === "function" ? this.#token() : this.#token)),
      announce: (message) => (this.#status.textContent = message),
      reload: (message) => this.#show(page, message),
      tell: (event, { id, name, hint }, more) => this.#dispatch(event, { id, name, hint, ...more }),
      askForLogin: (maxAge, form) => {
        keep(realmUrl, form);
        return !this.#dispatch("api-key-login-required", { maxAge });
      },
      loginNote: () =>
        page.choices.login.recent ? null : h("p", { class: "alert info" }, texts.text("apiKeysLoginNote")),
      messageOf: (error) => messageOf(error, texts),
    };
    this.shadowRoot.querySelectorAll("dialog").forEach((dialog) => dialog.remove());
    if (await this.#show(page)) {
      this.#resume(page, take(realmUrl));
    }
  }

  /** @returns false if a listener has prevented the default */
  #dispatch(event, detail) {
    return this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  /**
   * Shows the keys as they are now.
   *
   * @param message what has become of them
   * @returns whether they could be shown
   */
  async #show(page, message = "") {
    const { texts } = page;
    try {
      page.choices = await page.client.choices();
      page.keys = page.choices.change.reason === "keys_disabled" ? [] : await page.client.list();
    } catch (error) {
      this.#content.replaceChildren(
        h("p", { class: "alert danger", role: "alert" }, page.messageOf(error)),
        button(texts.text("apiKeysRetry"), "secondary", () => this.#show(page)),
      );
      return false;
    }
    const { change, make } = page.choices;
    const reason = change.reason ?? make.reason;
    this.#content.replaceChildren(
      reason ? h("p", { class: "alert info" }, texts.text(`apiKeysReason_${reason}`, page.choices.keys.max)) : "",
      make.allowed
        ? h("p", { class: "bar" }, button(texts.text("createApiKeySubmit"), "primary", () => openCreateDialog(page)))
        : "",
      change.reason === "keys_disabled" ? "" : keyList(page, page.keys),
    );
    page.announce(message);
    if (message) {
      // What had the focus is gone with the old list.
      this.#status.focus();
    }
    return true;
  }

  /** Opens the form that a login has interrupted. */
  #resume(page, form) {
    const key = page.keys.find(({ id }) => id === form?.id);
    if (form?.dialog === "create" && page.choices.make.allowed) {
      openCreateDialog(page, form);
    } else if (form?.dialog === "rotate" && key) {
      openRotateDialog(page, key, form);
    } else if (form?.dialog === "details" && key) {
      openDetailsDialog(page, key, form);
    }
  }
}

function messageOf(error, texts) {
  if (error instanceof Refusal) {
    const known = KNOWN_REFUSALS[`${error.status} ${error.field}`];
    return known ? texts.text(known) : error.status === 401 ? texts.text("apiKeysSignIn") : error.message;
  }
  if (error instanceof LoginRequired) {
    return texts.text("apiKeysSignIn");
  }
  return error instanceof TypeError ? texts.text("apiKeysUnreachable") : error.message;
}

customElements.define("keycloak-api-keys", KeycloakApiKeys);
