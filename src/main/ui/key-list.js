import { openDetailsDialog, canEnable } from "./details-dialog.js";
import { button, Field, h } from "./dom.js";
import { stateOf } from "./format.js";
import { lastUse, stateLabels } from "./key-cells.js";
import { openRevokeDialog } from "./revoke-dialog.js";
import { openRotateDialog } from "./rotate-dialog.js";

/** With fewer keys, a search takes longer than a look. */
const SEARCHED_FROM = 10;

const COLUMNS = ["apiKeysName", "apiKeysState", "apiKeysMadeAt", "apiKeysExpiry", "apiKeyLastUse"];

/** Makes the list of all keys. */
export function keyList(page, keys) {
  const { texts } = page;
  if (keys.length === 0) {
    return h("p", { class: "empty" }, texts.text("apiKeysEmpty"));
  }
  const acting = page.choices.change.allowed;
  const rows = keys.map((key) => ({ key, element: row(page, key, acting) }));
  const table = h(
    "table",
    { role: "table", "aria-label": texts.text("apiKeys") },
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        COLUMNS.map((column) => h("th", { role: "columnheader", scope: "col" }, texts.text(column))),
        acting &&
          h("th", { role: "columnheader", scope: "col" }, h("span", { class: "hidden" }, texts.text("apiKeysActions"))),
      ),
    ),
    h(
      "tbody",
      { role: "rowgroup" },
      rows.map(({ element }) => element),
    ),
  );
  return keys.length < SEARCHED_FROM ? table : h("div", {}, search(page, rows), table);
}

function search({ texts, announce }, rows) {
  const input = h("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const { element } = new Field(texts.text("apiKeysSearch"), input);
  input.addEventListener("input", () => {
    const sought = input.value.trim().toLowerCase();
    let found = 0;
    for (const { key, element: shown } of rows) {
      shown.hidden = !`${key.name}\n${key.hint}`.toLowerCase().includes(sought);
      found += shown.hidden ? 0 : 1;
    }
    announce(texts.count("apiKeysFound", found, found));
  });
  element.classList.add("search");
  return element;
}

function row(page, key, acting) {
  const { texts, format } = page;
  const state = stateOf(key);
  const cell = (column, ...content) => h("td", { role: "cell", "data-label": texts.text(column) }, content);
  return h(
    "tr",
    { role: "row" },
    cell(
      COLUMNS[0],
      button(key.name ?? key.id, "link name", () => openDetailsDialog(page, key)),
      h("code", {}, key.hint ?? ""),
    ),
    cell(COLUMNS[1], stateLabels(page, key)),
    cell(COLUMNS[2], format.date(key.createdAt)),
    cell(COLUMNS[3], format.expiry(key)),
    cell(COLUMNS[4], lastUse(page, key)),
    acting && h("td", { role: "cell", class: "actions" }, actions(page, key, state)),
  );
}

function actions(page, key, state) {
  const { texts } = page;
  const action = (label, kind, open) =>
    button(texts.text(label), `link ${kind}`, () => open(page, key), {
      "aria-label": texts.text(`${label}Key`, key.name ?? key.id),
    });
  const canRotate = canEnable(page.choices) && key.enabled && state !== "unreadable";
  return [canRotate && action("apiKeysRotate", "", openRotateDialog), action("apiKeysRevoke", "harm", openRevokeDialog)];
}
