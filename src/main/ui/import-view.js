import { toCsv } from "./csv.js";
import { button, Field, h } from "./dom.js";
import { download } from "./download.js";
import { keysIn } from "./import-file.js";

/** How many keys one request may take. */
const AT_ONCE = 1000;

/** Lets an administrator take over keys of another system from a file, and says what has become of each. */
export function importView(page) {
  const { texts } = page;
  const file = new Field(
    texts.text("apiKeysAdminImportFile"),
    h("input", { type: "file", accept: ".csv,.json,text/csv,application/json" }),
    texts.text("apiKeysAdminImportHelp"),
  );
  const report = h("div", {});
  const send = h("button", { type: "submit", class: "primary" }, texts.text("apiKeysAdminImport"));
  const submit = async (event) => {
    event.preventDefault();
    if (send.getAttribute("aria-disabled") === "true") {
      return;
    }
    file.setError(null);
    const [chosen] = file.control.files;
    if (!chosen) {
      file.setError(texts.text("apiKeysAdminImportNoFile"));
      return;
    }
    send.setAttribute("aria-disabled", "true");
    try {
      const keys = keysIn(await chosen.text(), texts);
      const rows = [];
      for (let first = 0; first < keys.length; first += AT_ONCE) {
        const part = keys.slice(first, first + AT_ONCE);
        const results = await page.client.importKeys(part);
        rows.push(...results.map((result, index) => ({ number: first + index + 1, key: part[index], result })));
        report.replaceChildren(reportOf(page, rows));
        page.announce(summary(page, rows));
      }
    } catch (error) {
      file.setError(page.messageOf(error));
    } finally {
      send.removeAttribute("aria-disabled");
    }
  };
  return h(
    "div",
    {},
    h("p", {}, texts.text("apiKeysAdminImportIntroduction")),
    h("form", { class: "import", novalidate: true, onsubmit: submit }, file.element, send),
    report,
  );
}

function isImported({ result }) {
  return result.status === 201;
}

function summary({ texts, format }, rows) {
  const imported = rows.filter(isImported).length;
  return texts.text("apiKeysAdminImported", format.number(imported), format.number(rows.length - imported));
}

function reportOf(page, rows) {
  const { texts, href } = page;
  const columns = ["apiKeysAdminRow", "apiKeysName", "apiKeysAdminHolder", "apiKeysAdminResult"].map((key) => texts.text(key));
  const cell = (index, ...content) => h("td", { role: "cell", "data-label": columns[index] }, content);
  const save = () =>
    download(toCsv([columns, ...rows.map((row) => plain(page, row))]), "import-report.csv", "text/csv;charset=utf-8");
  return h(
    "section",
    {},
    h("div", { class: "bar" }, button(texts.text("apiKeysAdminSaveReport"), "secondary", save)),
    h(
      "table",
      { role: "table", class: "report", "aria-label": texts.text("apiKeysAdminReport") },
      h(
        "thead",
        { role: "rowgroup" },
        h("tr", { role: "row" }, columns.map((column) => h("th", { role: "columnheader", scope: "col" }, column))),
      ),
      h(
        "tbody",
        { role: "rowgroup" },
        rows.map((row) => {
          const { result, key } = row;
          return h(
            "tr",
            { role: "row" },
            cell(0, String(row.number)),
            cell(1, isImported(row) ? h("a", { href: href("key", result.apiKey.id) }, result.apiKey.name) : (key.name ?? "–")),
            cell(2, result.apiKey?.username ?? key.username ?? key.userId ?? "–"),
            cell(
              3,
              h("span", { class: `label ${isImported(row) ? "active" : "expired"}` }, outcome(page, row)),
              result.error && h("span", { class: "note" }, reason(result.error)),
            ),
          );
        }),
      ),
    ),
  );
}

function outcome({ texts }, row) {
  return texts.text(isImported(row) ? "apiKeysAdminRowImported" : "apiKeysAdminRowRefused");
}

function reason({ field, errorMessage }) {
  return field ? `${field}: ${errorMessage}` : errorMessage;
}

function plain(page, row) {
  const { result, key } = row;
  return [
    row.number,
    key.name,
    result.apiKey?.username ?? key.username ?? key.userId,
    result.error ? reason(result.error) : outcome(page, row),
  ];
}
