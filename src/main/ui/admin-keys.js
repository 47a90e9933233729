import { AdminClient, orElse } from "./admin-client.js";
import { AdminRoute } from "./admin-route.js";
import { ADMIN_STYLES } from "./admin-styles.js";
import { button, h } from "./dom.js";
import { Format } from "./format.js";
import { importView } from "./import-view.js";
import { inventoryView } from "./inventory-view.js";
import { keyView } from "./key-view.js";
import { rulesOf } from "./policy-rules.js";
import { policyView } from "./policy-view.js";
import { Refusal } from "./rest-client.js";
import { STYLES } from "./styles.js";
import { Texts } from "./texts.js";

const VIEWS = { keys: inventoryView, key: keyView, policy: policyView, import: importView };
const TABS = ["keys", "policy", "import"];

/** What the API says in English, by status and field, as the page says it. */
const KNOWN_REFUSALS = {
  "409 name": "apiKeysAdminNameTaken",
  "400 restrictions.clients": "apiKeysUnknownProgram",
  "400 restrictions.cidrs": "apiKeysNetworksHelp",
};

/**
 * The API keys of a realm, for its administrators: <keycloak-api-keys-admin>. The fragment of the address says which realm,
 * and what of it (see AdminRoute).
 *
 * Attributes: server-url, the address of Keycloak for administrators; login-realm, the realm of the administrator, in whose
 * language the texts are; lang. Property: token, a function that returns an access token, or a promise of one.
 */
export class KeycloakApiKeysAdmin extends HTMLElement {
  #texts = null;
  #turn = 0;
  #content = h("div", {}, h("div", { class: "spinner" }));
  #status = h("p", { class: "status", role: "status", tabindex: "-1" });
  #follow = () => this.#show();

  constructor() {
    super();
    const styles = new CSSStyleSheet();
    styles.replaceSync(STYLES + ADMIN_STYLES);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles];
    root.append(this.#content);
  }

  connectedCallback() {
    window.addEventListener("hashchange", this.#follow);
    this.#show();
  }

  disconnectedCallback() {
    window.removeEventListener("hashchange", this.#follow);
  }

  /**
   * Shows what the address says.
   *
   * @param message what has become of what was shown before
   */
  async #show(message = "") {
    const route = AdminRoute.parse(location.hash);
    if (route === null) {
      return;
    }
    this.#turn += 1;
    const turn = this.#turn;
    this.shadowRoot.querySelectorAll("dialog").forEach((dialog) => dialog.remove());
    const hadFocus = this.shadowRoot.activeElement !== null;
    this.#content.toggleAttribute("inert", true);
    let shown;
    try {
      this.#texts ??= await this.#loadTexts();
      shown = await this.#view(route);
    } catch (error) {
      console.error("API keys could not be shown:", error.message);
      shown = h("p", { class: "alert danger", role: "alert" }, error.message);
    }
    if (turn !== this.#turn) {
      return;
    }
    this.#content.toggleAttribute("inert", false);
    this.#content.replaceChildren(shown);
    this.#tell(message);
    if (message) {
      this.#status.focus();
    } else if (hadFocus) {
      // What had the focus is gone.
      this.#content.querySelector("h2[tabindex], nav [aria-current]")?.focus();
    }
  }

  #tell(message, isFailure = false) {
    this.#status.classList.toggle("failure", isFailure);
    this.#status.textContent = message;
  }

  #loadTexts() {
    const realm = encodeURIComponent(this.getAttribute("login-realm"));
    return Texts.load(`${this.#serverUrl}/realms/${realm}`, this.closest("[lang]")?.lang || navigator.language);
  }

  get #serverUrl() {
    return this.getAttribute("server-url");
  }

  async #view(route) {
    const page = this.#page(route);
    const frame = (...content) => h("div", {}, tabs(page, route), this.#status, content);
    try {
      page.choices = await this.#choices(page);
      return frame(await VIEWS[route.view](page, route));
    } catch (error) {
      return frame(
        h("p", { class: "alert danger", role: "alert" }, page.messageOf(error)),
        button(page.texts.text("apiKeysRetry"), "secondary", () => this.#show()),
      );
    }
  }

  #page(route) {
    const texts = this.#texts;
    return {
      root: this.shadowRoot,
      texts,
      format: new Format(texts),
      client: new AdminClient(this.#serverUrl, route.realm, () => this.token()),
      announce: (message) => this.#tell(message),
      fail: (error) => this.#tell(messageOf(error, texts), true),
      reload: (message) => this.#show(message),
      /** Goes to another view of the realm. */
      go: (view, id, message) => {
        history.pushState(history.state, "", this.hash(route.realm, view, id));
        return this.#show(message);
      },
      href: (view, id, query) => this.hash(route.realm, view, id, query),
      userHref: (userId) =>
        `${this.#serverUrl}/admin/${encodeURIComponent(this.getAttribute("login-realm"))}/console/#/${encodeURIComponent(route.realm)}/users/${encodeURIComponent(userId)}/settings`,
      tell: () => {},
      loginNote: () => null,
      messageOf: (error) => messageOf(error, texts),
    };
  }

  hash(realm, view, id, query) {
    return new AdminRoute(realm, view, id, query).hash;
  }

  /** Returns what the dialogs ask for, in the form that users' own page gets from the server. */
  async #choices({ client }) {
    const policy = await orElse(client.policy(), null);
    return {
      change: { allowed: true },
      make: { allowed: true },
      name: { maxLength: 100 },
      expiry: rulesOf(policy?.config ?? {}),
      restrictions: { realmRoles: [], clientRoles: {}, clients: [] },
    };
  }
}

function tabs({ texts, href }, route) {
  return h(
    "nav",
    { "aria-label": texts.text("apiKeys") },
    TABS.map((view) =>
      h(
        "a",
        { href: href(view), "aria-current": view === route.view && "page" },
        texts.text(`apiKeysAdminTab_${view}`),
      ),
    ),
  );
}

function messageOf(error, texts) {
  if (error instanceof Refusal) {
    const known = KNOWN_REFUSALS[`${error.status} ${error.field}`];
    return known
      ? texts.text(known)
      : error.status === 401
        ? texts.text("apiKeysSignIn")
        : error.status === 403 && !error.isExplained
          ? texts.text("apiKeysAdminForbidden")
          : error.message;
  }
  return error instanceof TypeError ? texts.text("apiKeysUnreachable") : error.message;
}

customElements.define("keycloak-api-keys-admin", KeycloakApiKeysAdmin);
