import { Dialog, InvalidField } from "./dialog.js";
import { Field, h } from "./dom.js";
import { ExpiryField } from "./expiry-field.js";
import { RestrictionsField } from "./restrictions-field.js";
import { showOnce } from "./shown-once.js";

/** Makes the field for the name of a key. */
export function nameField({ texts, choices }) {
  return new Field(
    texts.text("createApiKeyName"),
    h("input", { type: "text", autocomplete: "off", maxlength: choices.name.maxLength }),
    texts.text("createApiKeyNameHelp"),
  );
}

/** Returns the name in a field, of which the API would say in English only that it is missing. */
export function nameIn(field, texts) {
  const name = field.control.value.trim();
  if (name === "") {
    throw new InvalidField("name", texts.text("apiKeyNameMissing"));
  }
  return name;
}

/**
 * Lets the user make a key.
 *
 * @param draft what the form held before a login; undefined for an empty one
 */
export function openCreateDialog(page, draft) {
  const { texts } = page;
  const name = nameField(page);
  const expiry = new ExpiryField(page);
  const restrictions = new RestrictionsField(page);
  if (draft) {
    name.control.value = draft.name;
    expiry.state = draft.expiry;
    restrictions.state = draft.restrictions;
  }
  new Dialog(page, {
    title: texts.text("createApiKeyTitle"),
    body: [page.loginNote(), name.element, expiry.element, restrictions.element],
    submit: texts.text("createApiKeySubmit"),
    fields: { name, expiresAt: expiry.field, expiresIn: expiry.field, ...restrictionFields(restrictions) },
    form: () => ({
      dialog: "create",
      name: name.control.value,
      expiry: expiry.state,
      restrictions: restrictions.state,
    }),
    send: async () => {
      const issued = await page.client.create({
        name: nameIn(name, texts),
        ...expiry.value,
        restrictions: restrictions.value,
      });
      page.tell("api-key-created", issued);
      return () => showOnce(page, issued, texts.text("apiKeysCreated", issued.name));
    },
  }).open();
  name.control.focus();
}

/** Returns the fields of a request that restrictions are to blame for. */
export function restrictionFields(field) {
  const parts = ["realmRoles", "clientRoles", "scopes", "clients", "cidrs", "organization"];
  return Object.fromEntries(["restrictions", ...parts.map((part) => `restrictions.${part}`)].map((name) => [name, field]));
}
