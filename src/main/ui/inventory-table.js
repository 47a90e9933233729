import { button, h } from "./dom.js";
import { lastUse, stateLabels } from "./key-cells.js";

/** The columns, and the field that each sorts by. */
const COLUMNS = [
  ["apiKeysName", "name"],
  ["apiKeysAdminHolder", "username"],
  ["apiKeysState", null],
  ["apiKeysMadeAt", "createdAt"],
  ["apiKeysExpiry", "expiresAt"],
  ["apiKeyLastUse", "lastUsedAt"],
];

/** The orders of the list, and what they are called. */
export function sortOptions({ texts }) {
  return COLUMNS.filter(([, field]) => field !== null).flatMap(([label, field]) => [
    [field, `${texts.text(label)} ↑`],
    [`-${field}`, `${texts.text(label)} ↓`],
  ]);
}

/**
 * Makes a page of the list.
 *
 * @param order sort, what it is sorted by; change, which sorts it anew
 */
export function inventoryTable(page, keys, { sort, change }) {
  const { texts } = page;
  if (keys.length === 0) {
    return h("p", { class: "empty" }, texts.text("apiKeysAdminEmpty"));
  }
  return h(
    "table",
    { role: "table", class: "inventory", "aria-label": texts.text("apiKeys") },
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        COLUMNS.map(([label, field]) => header(texts.text(label), field, sort, change)),
      ),
    ),
    h(
      "tbody",
      { role: "rowgroup" },
      keys.map((key) => row(page, key, change)),
    ),
  );
}

function header(label, field, sort, change) {
  const sorted = field !== null && sort.replace("-", "") === field;
  const isDescending = sort.startsWith("-");
  return h(
    "th",
    {
      role: "columnheader",
      scope: "col",
      "aria-sort": sorted && (isDescending ? "descending" : "ascending"),
    },
    field === null
      ? label
      : button(label, "sort", () => change({ sort: sorted && !isDescending ? `-${field}` : field })),
  );
}

function row(page, key, change) {
  const { texts, format, href } = page;
  const cell = (index, ...content) => h("td", { role: "cell", "data-label": texts.text(COLUMNS[index][0]) }, content);
  return h(
    "tr",
    { role: "row" },
    cell(0, h("a", { class: "name", href: href("key", key.id) }, key.name ?? key.id), h("code", {}, key.hint ?? "")),
    cell(1, button(key.username, "link holder", () => change({ userId: key.userId }))),
    cell(2, stateLabels(page, key)),
    cell(3, format.date(key.createdAt)),
    cell(4, format.expiry(key)),
    cell(5, lastUse(page, key)),
  );
}
