import { Dialog, InvalidField } from "./dialog.js";
import { Field, h } from "./dom.js";
import { Refusal } from "./rest-client.js";

/** Lets an administrator find out whose a key is that somebody has found, and leads to it. */
export function openLookUpDialog(page) {
  const { texts } = page;
  const key = new Field(
    texts.text("apiKeyLabel"),
    h("input", { type: "password", autocomplete: "off", spellcheck: "false" }),
    texts.text("apiKeysAdminLookUpHelp"),
  );
  new Dialog(page, {
    title: texts.text("apiKeysAdminLookUpTitle"),
    body: [key.element],
    submit: texts.text("apiKeysAdminLookUp"),
    fields: { key },
    send: async () => {
      const found = await find(page, key.control.value.trim());
      return () => page.go("key", found.id, texts.text("apiKeysAdminFound", found.name ?? found.id, found.username));
    },
  }).open();
}

async function find({ client, texts }, key) {
  if (key === "") {
    throw new InvalidField("key", texts.text("apiKeyMissing"));
  }
  try {
    return await client.lookUp(key);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) {
      throw new InvalidField("key", texts.text("apiKeysAdminNotFound"));
    }
    throw error;
  }
}
