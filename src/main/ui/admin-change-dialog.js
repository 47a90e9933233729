import { nameField, nameIn, restrictionFields } from "./create-dialog.js";
import { Dialog } from "./dialog.js";
import { ExpiryField } from "./expiry-field.js";
import { choicesFor } from "./holder-choices.js";
import { LimitsField } from "./limits-field.js";
import { MetadataField } from "./metadata-field.js";
import { RestrictionsField } from "./restrictions-field.js";

/** Lets an administrator change whatever can be changed of a key. */
export async function openAdminChangeDialog(page, key) {
  const { texts, format } = page;
  const choices = await choicesFor(page, key.userId);
  const name = nameField(page);
  name.control.value = key.name;
  const expiry = new ExpiryField(page, { keep: texts.text("apiKeysAsBefore", format.expiry(key)) });
  const restrictions = new RestrictionsField({ ...page, choices }, key, true);
  const limits = new LimitsField(page, key.limits);
  const metadata = new MetadataField(page, key.metadata);
  new Dialog(page, {
    title: texts.text("apiKeysAdminChangeTitle", key.name),
    body: [name.element, expiry.element, restrictions.element, limits.element, metadata.element],
    submit: texts.text("apiKeysSave"),
    fields: {
      name,
      expiresAt: expiry.field,
      expiresIn: expiry.field,
      ...restrictionFields(restrictions),
      ...limits.fields,
      metadata: metadata.field,
    },
    send: async () => {
      const asked = nameIn(name, texts);
      await page.client.change(key.id, {
        name: asked === key.name ? undefined : asked,
        ...expiry.value,
        restrictions: restrictions.value,
        limits: limits.value,
        metadata: metadata.value,
      });
      return () => page.reload(texts.text("apiKeysChanged", asked));
    },
  }).open();
}
