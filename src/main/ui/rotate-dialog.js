import { Dialog } from "./dialog.js";
import { Field, h } from "./dom.js";
import { ExpiryField } from "./expiry-field.js";
import { showOnce } from "./shown-once.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const GRACES = [0, HOUR, DAY, 7 * DAY, 30 * DAY];

/**
 * Lets the user put a new key in place of one.
 *
 * @param draft what the form held before a login; undefined for none
 */
export function openRotateDialog(page, key, draft) {
  const { texts, format } = page;
  const isExpired = key.expiresAt !== null && Date.parse(key.expiresAt) <= Date.now();
  const grace = new Field(
    texts.text("apiKeysGrace"),
    h(
      "select",
      {},
      GRACES.map((seconds) =>
        h("option", { value: seconds }, seconds === 0 ? texts.text("apiKeysNoGrace") : format.duration(seconds)),
      ),
    ),
    texts.text("apiKeysGraceHelp"),
  );
  const expiry = new ExpiryField(page, { keep: isExpired ? null : texts.text("apiKeysAsBefore", format.expiry(key)) });
  if (draft) {
    grace.control.value = draft.grace;
    expiry.state = draft.expiry;
  }
  new Dialog(page, {
    title: texts.text("apiKeysRotateTitle", key.name),
    body: [
      page.loginNote(),
      h("p", {}, texts.text("apiKeysRotateHelp")),
      !isExpired && grace.element,
      expiry.element,
    ],
    submit: texts.text("apiKeysRotate"),
    fields: { graceSeconds: grace, expiresAt: expiry.field, expiresIn: expiry.field },
    form: () => ({ dialog: "rotate", id: key.id, grace: grace.control.value, expiry: expiry.state }),
    send: async () => {
      const issued = await page.client.rotate(key.id, {
        graceSeconds: isExpired ? 0 : Number(grace.control.value),
        ...expiry.value,
      });
      page.tell("api-key-created", issued, { replaces: key.id });
      return () => showOnce(page, issued, texts.text("apiKeysRotated", issued.name));
    },
  }).open();
}
