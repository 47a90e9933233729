import { toCsv } from "./csv.js";
import { download } from "./download.js";

/** The columns, which are fields of the API. */
const COLUMNS = [
  "id",
  "name",
  "hint",
  "userId",
  "username",
  "createdAt",
  "expiresAt",
  "enabled",
  "disabledBy",
  "lastUsedAt",
  "lastUsedAddress",
  "lastUsedDoor",
  "useCount",
  "restrictions",
  "limits",
  "metadata",
];

/** Excel reads a file as UTF-8 if it begins with this. */
const BYTE_ORDER_MARK = "\uFEFF";

/** Saves all keys that a query selects as a file. */
export async function saveAsCsv(page, query, realm) {
  const { texts, format, client, announce } = page;
  try {
    const keys = await client.listAll(query, (count) =>
      announce(texts.text("apiKeysAdminExporting", format.number(count))),
    );
    const rows = keys.map((key) =>
      COLUMNS.map((column) => (typeof key[column] === "object" && key[column] ? JSON.stringify(key[column]) : key[column])),
    );
    const day = new Date().toISOString().slice(0, 10);
    download(BYTE_ORDER_MARK + toCsv([COLUMNS, ...rows]), `api-keys-${realm}-${day}.csv`, "text/csv;charset=utf-8");
    announce(texts.text("apiKeysAdminExported", format.number(keys.length)));
  } catch (error) {
    page.fail(error);
  }
}
