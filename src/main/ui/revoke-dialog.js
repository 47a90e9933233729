import { Dialog } from "./dialog.js";
import { h } from "./dom.js";

/** Lets the user revoke a key. */
export function openRevokeDialog(page, key) {
  const { texts } = page;
  new Dialog(page, {
    title: texts.text("apiKeysRevokeTitle", key.name),
    body: [
      h("p", {}, texts.text("apiKeysRevokeWarning")),
      h("p", {}, key.lastUsedAt === null ? texts.text("apiKeyNeverUsed") : lastUse(page, key)),
    ],
    submit: texts.text("apiKeysRevoke"),
    danger: true,
    send: async () => {
      await page.client.revoke(key.id);
      page.tell("api-key-revoked", key);
      return () => page.reload(texts.text("apiKeysRevoked", key.name));
    },
  }).open();
}

function lastUse({ texts, format }, key) {
  return texts.text("apiKeysLastUsedAt", format.time(key.lastUsedAt), format.lastPlace(key));
}
