/** Tables as comma-separated values (RFC 4180). */

/** What a spreadsheet may take for a formula at the beginning of a cell, also where semicolons separate cells. */
const FORMULA = /(^|[;\t\r\n])(\s*[=+\-@＝＋－＠])/g;

const QUOTED = /[",\r\n]/;

/** A cell, with quotation marks or without, and what ends it. */
const CELLS = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|\r|$)/gy;

/** Writes rows of cells. A cell that a spreadsheet would calculate gets an apostrophe in front. */
export function toCsv(rows) {
  return rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function cell(value) {
  const text = value == null ? "" : String(value);
  const safe = text.replace(FORMULA, "$1'$2");
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Reads rows of cells. A quotation mark that quotes no whole cell is a character like any other. */
export function parseCsv(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(CELLS)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      rows.push([]);
    }
  }
  return rows.filter((row) => row.some((content) => content !== ""));
}
