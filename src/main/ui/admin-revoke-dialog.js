import { Dialog } from "./dialog.js";
import { Field, h } from "./dom.js";

const REASONS = ["leaked", "rotated", "unused", "other"];

/**
 * Lets an administrator revoke one or several keys, and say why.
 *
 * @param revocation title, warning, submit (the label of the button), revoke (is given the reason), done (what comes after)
 */
export function openAdminRevokeDialog(page, { title, warning, submit, revoke, done }) {
  const { texts } = page;
  const reason = new Field(
    texts.text("apiKeysAdminReason"),
    h(
      "select",
      {},
      REASONS.map((word) => h("option", { value: word }, texts.text(`apiKeysAdminReason_${word}`))),
    ),
    texts.text("apiKeysAdminReasonHelp"),
  );
  reason.control.value = "other";
  new Dialog(page, {
    title,
    body: [h("p", {}, warning), reason.element],
    submit,
    danger: true,
    fields: { reason },
    send: async () => {
      await revoke(reason.control.value);
      return done;
    },
  }).open();
}
