import { nameField, nameIn, restrictionFields } from "./create-dialog.js";
import { Dialog } from "./dialog.js";
import { ExpiryField } from "./expiry-field.js";
import { HolderField } from "./holder-field.js";
import { choicesFor } from "./holder-choices.js";
import { LimitsField } from "./limits-field.js";
import { MetadataField } from "./metadata-field.js";
import { RestrictionsField } from "./restrictions-field.js";
import { showOnce } from "./shown-once.js";

/**
 * Lets an administrator make a key for a user, a new user or a service account.
 *
 * @param holder id and username of whom the key is for; undefined to choose
 */
export async function openAdminCreateDialog(page, holder) {
  const { texts } = page;
  const name = nameField(page);
  const expiry = new ExpiryField(page);
  const limits = new LimitsField(page);
  const metadata = new MetadataField(page);
  const restrictions = new RestrictionsField(page, {}, true);
  const offer = async (userId) => restrictions.offerRoles((await choicesFor(page, userId)).restrictions);
  const holders = new HolderField(page, holder, offer);
  if (holder) {
    await offer(holder.id);
  }
  new Dialog(page, {
    title: texts.text("createApiKeyTitle"),
    body: [
      holders.element,
      name.element,
      expiry.element,
      restrictions.element,
      limits.element,
      metadata.element,
    ],
    submit: texts.text("createApiKeySubmit"),
    fields: {
      ...holders.fields,
      name,
      expiresAt: expiry.field,
      expiresIn: expiry.field,
      ...restrictionFields(restrictions),
      ...limits.fields,
      metadata: metadata.field,
    },
    send: async () => {
      const issued = await page.client.create({
        ...(await holders.value()),
        name: nameIn(name, texts),
        ...expiry.value,
        restrictions: restrictions.value,
        limits: limits.value,
        metadata: metadata.value,
      });
      return () =>
        showOnce(
          page,
          issued,
          texts.text("apiKeysCreated", issued.name),
          texts.text("apiKeysAdminShownOnce", issued.username),
        );
    },
  }).open();
}
