import { nameField, nameIn, restrictionFields } from "./create-dialog.js";
import { Dialog } from "./dialog.js";
import { choice, h } from "./dom.js";
import { ExpiryField } from "./expiry-field.js";
import { facts } from "./facts.js";
import { stateOf } from "./format.js";
import { RestrictionsField } from "./restrictions-field.js";

/**
 * Shows everything about a key, and lets the user change what may be changed.
 *
 * @param draft what the form held before a login; undefined for none
 */
export function openDetailsDialog(page, key, draft) {
  const canChange = page.choices.change.allowed && key.hint !== null;
  const form = canChange ? changeForm(page, key, draft) : { body: [], cancel: page.texts.text("apiKeysClose") };
  new Dialog(page, { title: key.name ?? key.id, ...form, body: [facts(page, key), form.body] }).open();
}

function changeForm(page, key, draft) {
  const { texts, format } = page;
  const name = nameField(page);
  name.control.value = key.name;
  const expiry = new ExpiryField(page, {
    keep: texts.text("apiKeysAsBefore", format.expiry(key)),
    before: key.expiresAt,
  });
  const isExpired = stateOf(key) === "expired";
  const restrictions = new RestrictionsField(page, key);
  const enabled = choice("checkbox", texts.text("apiKeysEnabled"), {
    checked: key.enabled,
    disabled: key.disabledBy === "administrator" || (!key.enabled && !canEnable(page.choices)),
  });
  if (draft) {
    name.control.value = draft.name;
    expiry.state = draft.expiry;
    restrictions.state = draft.restrictions;
    enabled.input.checked = draft.enabled;
  }
  return {
    body: [
      h("h3", {}, texts.text("apiKeysChange")),
      name.element,
      enabled.element,
      !isExpired && expiry.element,
      restrictions.element,
    ],
    submit: texts.text("apiKeysSave"),
    fields: { name, expiresAt: expiry.field, expiresIn: expiry.field, ...restrictionFields(restrictions) },
    form: () => ({
      dialog: "details",
      id: key.id,
      name: name.control.value,
      expiry: expiry.state,
      restrictions: restrictions.state,
      enabled: enabled.input.checked,
    }),
    send: async () => {
      const asked = nameIn(name, texts);
      await page.client.change(key.id, {
        name: asked === key.name ? undefined : asked,
        enabled: enabled.input.checked === key.enabled ? undefined : enabled.input.checked,
        restrictions: restrictions.value,
        ...(isExpired ? {} : expiry.value),
      });
      return () => page.reload(texts.text("apiKeysChanged", asked));
    },
  };
}

/** Whether there are too many keys already does not matter: one that is enabled again is counted already. */
export function canEnable({ make }) {
  return make.allowed || make.reason === "too_many_keys";
}
