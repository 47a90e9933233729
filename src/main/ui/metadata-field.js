import { InvalidField } from "./dialog.js";
import { Field, h } from "./dom.js";

/** What programs learn with a key, as JSON. */
export class MetadataField {
  #initial;
  #texts;

  /** @param current the metadata of the key so far; undefined for none */
  constructor({ texts }, current) {
    this.#texts = texts;
    this.#initial = JSON.stringify(current ?? null);
    const text = h("textarea", { rows: "3", spellcheck: "false", class: "code" });
    text.value = current === undefined ? "" : JSON.stringify(current, null, 2);
    this.field = new Field(texts.text("apiKeysAdminMetadata"), text, texts.text("apiKeysAdminMetadataHelp"));
    this.element = this.field.element;
  }

  /** Returns the field of the request; undefined if it stays as it is. */
  get value() {
    const text = this.field.control.value.trim();
    let metadata = null;
    try {
      metadata = text === "" ? null : JSON.parse(text);
    } catch {
      throw new InvalidField("metadata", this.#texts.text("apiKeysAdminMetadataInvalid"));
    }
    return JSON.stringify(metadata) === this.#initial ? undefined : metadata;
  }
}
