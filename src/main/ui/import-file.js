import { parseCsv } from "./csv.js";

/** The columns whose cells are JSON. */
const JSON_COLUMNS = ["restrictions", "limits", "metadata"];

/**
 * Reads the keys in a file: a JSON list as the API takes it, or a table whose first row names the fields.
 *
 * @throws an error that says what is wrong with the file
 */
export function keysIn(content, texts) {
  const text = content.replace(/^\uFEFF/, "").trim();
  const keys = /^[[{]/.test(text) ? fromJson(text, texts) : fromTable(text, texts);
  if (keys.length === 0) {
    throw new Error(texts.text("apiKeysAdminImportEmpty"));
  }
  return keys;
}

function fromJson(text, texts) {
  try {
    const keys = JSON.parse(text);
    return Array.isArray(keys) ? keys : [keys];
  } catch (error) {
    throw new Error(texts.text("apiKeysAdminImportNoJson", error.message));
  }
}

function fromTable(text, texts) {
  const [columns = [], ...rows] = parseCsv(text);
  return rows.map((cells, index) => {
    const key = {};
    columns.forEach((column, place) => {
      const cell = cells[place] ?? "";
      if (cell !== "") {
        key[column.trim()] = valueIn(column.trim(), cell, () => texts.text("apiKeysAdminImportNoJsonIn", column, index + 1));
      }
    });
    return key;
  });
}

function valueIn(column, cell, complaint) {
  if (column === "enabled") {
    return cell.toLowerCase() === "true" ? true : cell.toLowerCase() === "false" ? false : cell;
  }
  if (column === "expiresIn") {
    return Number(cell);
  }
  if (!JSON_COLUMNS.includes(column)) {
    return cell;
  }
  try {
    return JSON.parse(cell);
  } catch {
    throw new Error(complaint());
  }
}
