import { Field, h } from "./dom.js";
import { day } from "./format.js";

const DAY = 86_400;
const OFFERED_DAYS = [7, 30, 60, 90, 180, 365];

/** Offered where the realm has no default, because a key that never expires is the one that is forgotten. */
const USUAL_DAYS = 90;

const KEEP = "keep";
const NEVER = "never";
const LATEST = "latest";
const DATE = "date";

/** The choice of when a key expires, within the realm's rules. */
export class ExpiryField {
  #longest;
  #latest;
  #select;
  #date;
  #dateField;

  /**
   * @param keep the label of the choice that leaves the expiry as it is or would be; null for no such choice
   * @param before the time that the key has to expire before, which then cannot be never; null for none
   */
  constructor(page, { keep = null, before = null } = {}) {
    const { texts, format, choices } = page;
    const { required, defaultSeconds, longestSeconds, latest } = choices.expiry;
    const ends = [latest, before].filter(Boolean).map((end) => Date.parse(end));
    this.#latest = ends.length > 0 ? Math.min(...ends) : null;
    this.#longest = Math.min(
      longestSeconds ?? Infinity,
      this.#latest === null ? Infinity : (this.#latest - Date.now()) / 1000,
    );
    const days = [...OFFERED_DAYS, defaultSeconds / DAY, longestSeconds / DAY]
      .filter((each) => each > 0 && each * DAY <= this.#longest)
      .sort((one, other) => one - other);
    const usual = defaultSeconds === null ? USUAL_DAYS : defaultSeconds / DAY;
    const options = [
      keep && [KEEP, keep],
      ...[...new Set(days)].map((each) => [String(each), format.duration(each * DAY)]),
      latest && !before && [LATEST, format.time(latest)],
      [DATE, texts.text("apiKeysExpiryDate")],
      !required && !before && [NEVER, texts.text("apiKeysNever")],
    ].filter(Boolean);
    this.#select = h("select", {}, options.map(([value, label]) => h("option", { value }, label)));
    this.#select.value = keep ? KEEP : days.includes(usual) ? String(usual) : options[0][0];
    this.field = new Field(texts.text("apiKeysExpiry"), this.#select, texts.text("createApiKeyExpiryHelp"));
    this.#date = h("input", { type: "date", required: true, min: day(Date.now() + DAY * 1000) });
    if (this.#longest !== Infinity) {
      this.#date.max = day(Date.now() + this.#longest * 1000);
    }
    this.#dateField = new Field(texts.text("apiKeysLastDay"), this.#date);
    this.#select.addEventListener("change", () => this.#showDate());
    this.#showDate();
    this.element = h("div", {}, this.field.element, this.#dateField.element);
  }

  #showDate() {
    this.#dateField.element.hidden = this.#select.value !== DATE;
  }

  get state() {
    return { choice: this.#select.value, date: this.#date.value };
  }

  set state({ choice, date }) {
    if ([...this.#select.options].some((option) => option.value === choice)) {
      this.#select.value = choice;
      this.#date.value = date;
      this.#showDate();
    }
  }

  /** Returns the fields of the request; those of no choice leave the expiry as it is. */
  get value() {
    switch (this.#select.value) {
      case KEEP:
        return {};
      case NEVER:
        return { expiresAt: null };
      case LATEST:
        return { expiresAt: new Date(this.#latest).toISOString() };
      case DATE:
        return { expiresAt: this.#endOfDay() };
      default:
        return { expiresIn: Number(this.#select.value) * DAY };
    }
  }

  /** The end of the chosen day where the user is, or the latest time that is allowed on it. No day is no time, which the API refuses. */
  #endOfDay() {
    const end = Date.parse(`${this.#date.value}T23:59:59`);
    if (Number.isNaN(end)) {
      return "";
    }
    // A moment less, for the time until the request arrives.
    return new Date(Math.min(end, Date.now() + this.#longest * 1000 - 1000)).toISOString();
  }
}
