/** How keys are written for people. */

const DAY = 86_400;

/** Also what Keycloak's own list of credentials warns of. */
const SOON_SECONDS = 14 * DAY;

const UNITS = [
  ["day", DAY],
  ["hour", 3600],
  ["minute", 60],
];

/** Returns the state of a key: active, soon (it expires soon), expired, disabled, locked (by an administrator) or unreadable. */
export function stateOf(key, now = Date.now()) {
  if (key.hint === null) {
    return "unreadable";
  }
  if (!key.enabled) {
    return key.disabledBy === "administrator" ? "locked" : "disabled";
  }
  const left = key.expiresAt === null ? Infinity : (Date.parse(key.expiresAt) - now) / 1000;
  return left <= 0 ? "expired" : left <= SOON_SECONDS ? "soon" : "active";
}

/** Returns a day where the user is, such as 2027-01-31. */
export function day(millis) {
  const date = new Date(millis);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

export class Format {
  #texts;
  #date;
  #time;
  #number;

  constructor(texts) {
    this.#texts = texts;
    this.#date = new Intl.DateTimeFormat(texts.lang, { dateStyle: "medium" });
    this.#time = new Intl.DateTimeFormat(texts.lang, { dateStyle: "medium", timeStyle: "short" });
    this.#number = new Intl.NumberFormat(texts.lang);
  }

  date(iso) {
    return this.#date.format(new Date(iso));
  }

  time(iso) {
    return this.#time.format(new Date(iso));
  }

  number(number) {
    return this.#number.format(number);
  }

  /** Writes a length of time in the largest unit that needs no fraction. */
  duration(seconds) {
    const [unit, length] = UNITS.find((each) => seconds % each[1] === 0) ?? ["second", 1];
    return new Intl.NumberFormat(this.#texts.lang, { style: "unit", unit, unitDisplay: "long" }).format(seconds / length);
  }

  /** Returns the name of the unit of time that has so many seconds. */
  unit(seconds) {
    const [unit] = UNITS.find((each) => each[1] === seconds) ?? ["second"];
    const parts = new Intl.NumberFormat(this.#texts.lang, { style: "unit", unit, unitDisplay: "long" }).formatToParts(2);
    return parts.find(({ type }) => type === "unit").value;
  }

  expiry(key) {
    return key.expiresAt === null ? this.#texts.text("apiKeysNever") : this.date(key.expiresAt);
  }

  /** Says from where and in which way a key was last used. */
  lastPlace(key) {
    const door = key.lastUsedDoor === null ? null : this.#texts.text(`apiKeysDoor_${key.lastUsedDoor}`);
    return [key.lastUsedAddress, door].filter(Boolean).join(" · ");
  }

  uses(key) {
    return this.#texts.count("apiKeysUses", key.useCount, this.number(key.useCount));
  }

  /** Says what is left of a key's limits, in a line each. */
  limits({ rateLimit, quota }) {
    const lines = [];
    if (quota) {
      lines.push(this.#texts.count("apiKeysQuotaLeft", quota.remaining, this.number(quota.remaining)));
      if (quota.refillAmount) {
        lines.push(
          this.#texts.text(
            "apiKeysRefill",
            this.number(quota.refillAmount),
            this.duration(quota.refillIntervalSeconds),
          ),
        );
      }
    }
    if (rateLimit) {
      lines.push(
        this.#texts.text("apiKeysRateLimit", this.number(rateLimit.max), this.duration(rateLimit.windowSeconds)),
      );
    }
    return lines;
  }
}
