/**
 * Adds the page "API keys" to the Admin Console, which has no place for pages of others. It leans on two anchors in the
 * console's document: the navigation's entry of the sessions, else that of the users, and the main container. Without
 * them there is no entry; the console works on, and the page is at /realms/{realm}/api-keys/console.
 */

import { EmbeddedSession, realmUrl } from "./embedded-session.js";
import "./admin-keys.js";
import { AdminRoute } from "./admin-route.js";
import { h } from "./dom.js";
import { Texts } from "./texts.js";

const NEIGHBOURS = ["nav-item-sessions", "nav-item-users"];
const MAIN = "kc-main-content-page-container";
const ENTRY = "nav-item-api-keys";

const environment = JSON.parse(document.getElementById("environment").textContent);
const session = new EmbeddedSession({ ...environment, baseUrl: environment.consoleBaseUrl });

/** The console says nowhere which language it is in, but has loaded its texts in it. */
function language() {
  const [texts] = performance
    .getEntriesByType("resource")
    .map(({ name }) => /\/resources\/[^/]+\/admin\/([^/?]+)$/.exec(name))
    .filter(Boolean);
  return texts ? decodeURIComponent(texts[1]) : navigator.language;
}

let texts = null;
let page = null;

/** Makes the document what it has to be now. The console draws it anew whenever it goes to another page. */
function update() {
  const neighbour = NEIGHBOURS.map((id) => document.getElementById(id)).find(Boolean);
  const main = document.getElementById(MAIN);
  if (!main) {
    return;
  }
  if (texts === null) {
    texts = Texts.load(realmUrl(environment), language()).then((loaded) => {
      texts = loaded;
      update();
    });
  }
  if (!(texts instanceof Texts)) {
    return;
  }
  const route = AdminRoute.parse(location.hash);
  if (neighbour) {
    showEntry(neighbour, route !== null);
  }
  if ((route !== null) !== (page !== null && page.isConnected)) {
    page?.remove();
    page = route === null ? null : openPage(main);
  }
  // The console's styles display what has the attribute "hidden".
  const display = route === null ? "" : "none";
  if (main.style.display !== display) {
    main.style.display = display;
  }
}

function showEntry(neighbour, isCurrent) {
  let entry = document.getElementById(ENTRY);
  if (!entry) {
    const item = neighbour.closest("li").cloneNode(true);
    entry = item.querySelector("a");
    entry.id = ENTRY;
    entry.dataset.testid = ENTRY;
    entry.textContent = texts.text("apiKeys");
    neighbour.closest("li").after(item);
  }
  const href = neighbour.getAttribute("href").replace(/\/[^/]*$/, "/api-keys");
  if (entry.getAttribute("href") !== href) {
    entry.setAttribute("href", href);
  }
  if (entry.classList.contains("pf-m-current") !== isCurrent) {
    entry.classList.toggle("pf-m-current", isCurrent);
  }
  if (isCurrent !== (entry.getAttribute("aria-current") === "page")) {
    isCurrent ? entry.setAttribute("aria-current", "page") : entry.removeAttribute("aria-current");
  }
}

function openPage(main) {
  const keys = h("keycloak-api-keys-admin", {
    "server-url": environment.adminBaseUrl.replace(/\/+$/, ""),
    "login-realm": environment.realm,
    lang: language(),
  });
  keys.token = () => session.token();
  const opened = h(
    "main",
    { class: main.className, tabindex: "-1" },
    h(
      "section",
      { class: "pf-v5-c-page__main-section pf-m-light" },
      h("h1", { class: "pf-v5-c-title pf-m-2xl" }, texts.text("apiKeys")),
      keys,
    ),
  );
  main.after(opened);
  return opened;
}

new MutationObserver(update).observe(document.body, { childList: true, subtree: true });
window.addEventListener("hashchange", update);
window.addEventListener("popstate", update);
update();
