/** Tables as comma-separated values (RFC 4180). */

/** What a spreadsheet may take for a formula at the beginning of a cell. */
const FORMULA = /^[=+\-@\t\r]/;

const QUOTED = /[",\r\n]/;

/** Writes rows of cells. A cell that a spreadsheet would calculate gets an apostrophe in front. */
export function toCsv(rows) {
  return rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function cell(value) {
  const text = value == null ? "" : String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Reads rows of cells. */
export function parseCsv(text) {
  const rows = [];
  let row = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/gy;
  for (let found = cells.exec(text); found !== null && found[0] !== ""; found = cells.exec(text)) {
    const [, quoted, plain, end] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) {
    rows.push([...row, ""]);
  }
  return rows.filter((each) => each.some((content) => content !== ""));
}

/** Offers a text as a file. */
export function download(text, name, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
