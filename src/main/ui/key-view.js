import { openAdminChangeDialog } from "./admin-change-dialog.js";
import { openAdminRevokeDialog } from "./admin-revoke-dialog.js";
import { button, h } from "./dom.js";
import { facts } from "./facts.js";
import { stateOf } from "./format.js";
import { stateLabels } from "./key-cells.js";
import { openRotateDialog } from "./rotate-dialog.js";
import { usesChart } from "./uses-chart.js";

/** Shows everything about a key, and what can be done with it. */
export async function keyView(page, route) {
  const { texts } = page;
  const key = await page.client.get(route.id);
  const name = key.name ?? key.id;
  const isReadable = key.hint !== null;
  return h(
    "div",
    {},
    h("h2", { class: "title", tabindex: "-1" }, h("span", {}, name), stateLabels(page, { ...key, limits: undefined })),
    h(
      "div",
      { class: "bar" },
      isReadable && button(texts.text("apiKeysChange"), "primary", () => openAdminChangeDialog(page, key).catch(page.fail)),
      isReadable &&
        key.enabled &&
        button(texts.text("apiKeysRotate"), "secondary", () => openRotate(page, key)),
      isReadable && switchButton(page, key),
      button(texts.text("apiKeysRevoke"), "danger", () => openRevoke(page, key, name)),
    ),
    h("section", { class: "card" }, facts(page, key, ofHolder(page, key))),
    stateOf(key) === "unreadable" && h("p", { class: "alert warning" }, texts.text("apiKeysAdminUnreadable")),
    usesChart(page, key),
  );
}

function ofHolder({ texts, href, userHref }, key) {
  return [
    [
      texts.text("apiKeysAdminHolder"),
      [
        h("span", {}, key.username),
        h("a", { href: href("keys", null, { userId: key.userId }) }, texts.text("apiKeysAdminKeysOfHolder")),
        h("a", { href: userHref(key.userId), target: "_top" }, texts.text("apiKeysAdminUser")),
      ],
    ],
    [texts.text("apiKeysAdminId"), h("code", {}, key.id)],
  ];
}

/** Disables or enables the key at once: either can be undone. */
function switchButton(page, key) {
  const { texts } = page;
  const label = key.enabled ? "apiKeysAdminDisable" : "apiKeysAdminEnable";
  return button(texts.text(label), "secondary", async () => {
    try {
      await page.client.change(key.id, { enabled: !key.enabled });
      page.reload(texts.text(key.enabled ? "apiKeysAdminDisabled" : "apiKeysAdminEnabled", key.name));
    } catch (error) {
      page.fail(error);
    }
  });
}

/** Goes on to the key that takes the place of this one. */
function openRotate(page, key) {
  let successor;
  openRotateDialog(
    {
      ...page,
      tell: (event, issued) => (successor = issued.id),
      reload: (message) => page.go("key", successor, message),
    },
    key,
  );
}

function openRevoke(page, key, name) {
  const { texts } = page;
  openAdminRevokeDialog(page, {
    title: texts.text("apiKeysRevokeTitle", name),
    warning: texts.text("apiKeysRevokeWarning"),
    submit: texts.text("apiKeysRevoke"),
    revoke: (reason) => page.client.revoke(key.id, reason),
    done: () => page.go("keys", null, texts.text("apiKeysRevoked", name)),
  });
}
