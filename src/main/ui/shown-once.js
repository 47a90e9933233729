import { button, choice, h, newId } from "./dom.js";
import { download } from "./download.js";

/** What a file's name can hold everywhere. */
const UNSAFE = /[^\p{L}\p{N}._-]+/gu;

/**
 * Shows a new key. This is the only time that anybody sees it, so that the dialog stays until its user says that the key is
 * saved. The key is nowhere but in this dialog, and goes with it.
 *
 * @param done what is announced in the end
 * @param heading whose key it is; null for that of the user
 */
export function showOnce(page, issued, done, heading = null) {
  const { texts } = page;
  const title = newId();
  const label = newId();
  const key = h("textarea", { class: "key", rows: "3", readonly: true, "aria-labelledby": label, spellcheck: "false" });
  key.value = issued.key;
  const status = h("span", { role: "status" });
  const saved = choice("checkbox", texts.text("createdApiKeySaved"));
  const close = button(texts.text("apiKeysClose"), "primary", () => saved.input.checked && dialog.close(), { "aria-disabled": "true" });
  saved.input.addEventListener("change", () => close.setAttribute("aria-disabled", String(!saved.input.checked)));

  const copy = async () => {
    key.select();
    // Browsers offer the clipboard over HTTPS only; elsewhere the key is selected, to be copied by hand.
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(issued.key);
      status.textContent = texts.text("createdApiKeyCopied");
    } else {
      status.textContent = texts.text("apiKeysSelected");
    }
  };
  const save = () => {
    download(`${issued.key}\n`, `${issued.name.replace(UNSAFE, "-")}.key.txt`, "text/plain");
    status.textContent = texts.text("apiKeysDownloaded");
  };

  const dialog = h(
    "dialog",
    { "aria-labelledby": title },
    h("h2", { id: title, tabindex: "-1" }, heading ?? texts.text("createdApiKeyTitle")),
    h("p", { class: "alert warning" }, texts.text("createdApiKeyWarning")),
    h("p", { id: label, class: "name" }, issued.name),
    key,
    h(
      "div",
      { class: "buttons" },
      button(texts.text("createdApiKeyCopy"), "secondary", copy),
      button(texts.text("apiKeysDownload"), "secondary", save),
      status,
    ),
    saved.element,
    h("div", { class: "buttons" }, close),
  );
  const warn = (event) => event.preventDefault();
  window.addEventListener("beforeunload", warn);
  dialog.addEventListener("close", () => {
    if (saved.input.checked) {
      window.removeEventListener("beforeunload", warn);
      key.value = "";
      dialog.remove();
      page.reload(done);
    } else {
      // A browser may close a dialog on Esc whatever the page says.
      dialog.showModal();
    }
  });
  dialog.addEventListener("cancel", (event) => saved.input.checked || event.preventDefault());
  page.root.append(dialog);
  dialog.showModal();
  key.focus();
  key.select();
}
