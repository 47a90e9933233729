/** The page for administrators on its own, at /realms/{realm}/api-keys/console: the login, and what is around the element. */

import "./admin-keys.js";
import { AdminRoute } from "./admin-route.js";
import { ConsoleSession } from "./console-session.js";
import { PAGE_STYLES } from "./console-styles.js";
import { button, h } from "./dom.js";
import { Texts } from "./texts.js";

const [, serverPath, realmSegment] = /^(.*)\/realms\/([^/]+)\/api-keys\/console/.exec(location.pathname);
const serverUrl = location.origin + serverPath;
const loginRealm = decodeURIComponent(realmSegment);

const styles = new CSSStyleSheet();
styles.replaceSync(PAGE_STYLES);
document.adoptedStyleSheets = [styles];

try {
  await open();
} catch (error) {
  console.error("The page could not be opened:", error.message);
  document.body.replaceChildren(
    h(
      "main",
      {},
      h("h1", {}, document.title),
      h("p", { role: "alert" }, error instanceof TypeError ? "The server cannot be reached." : error.message),
      button("Try again", "", () => location.reload()),
    ),
  );
}

async function open() {
  const session = await ConsoleSession.load({ serverUrl, realm: loginRealm });
  await session.token();
  const texts = await Texts.load(`${serverUrl}/realms/${realmSegment}`, navigator.language);
  document.documentElement.lang = texts.lang;
  document.title = texts.text("apiKeys");
  if (AdminRoute.parse(location.hash) === null) {
    history.replaceState(null, "", new AdminRoute(loginRealm).hash);
  }
  const keys = h("keycloak-api-keys-admin", { "server-url": serverUrl, "login-realm": loginRealm });
  keys.token = () => session.token();
  document.body.replaceChildren(
    h(
      "header",
      {},
      h("strong", {}, "Keycloak"),
      await realmPicker(session, texts),
      button(texts.text("apiKeysAdminSignOut"), "", () => session.signOut()),
    ),
    h("main", {}, h("h1", {}, texts.text("apiKeys")), keys),
  );
}

/** Lets an administrator of several realms choose one. */
async function realmPicker(session, texts) {
  const current = AdminRoute.parse(location.hash).realm;
  const response = await fetch(`${serverUrl}/admin/realms?briefRepresentation=true`, {
    headers: { Accept: "application/json", Authorization: `Bearer ${await session.token()}` },
  });
  const names = response.ok ? (await response.json()).map(({ realm }) => realm) : [];
  if (names.length < 2) {
    return h("span", { class: "realm" }, current);
  }
  const select = h(
    "select",
    { class: "realm", "aria-label": texts.text("apiKeysAdminRealm") },
    [...new Set([current, ...names])].sort().map((name) => h("option", { value: name }, name)),
  );
  select.value = current;
  select.addEventListener("change", () => (location.hash = new AdminRoute(select.value).hash));
  window.addEventListener("hashchange", () => (select.value = AdminRoute.parse(location.hash)?.realm ?? select.value));
  return select;
}
