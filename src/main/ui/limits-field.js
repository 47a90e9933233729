import { choice, Field, h } from "./dom.js";

const UNITS = [1, 60, 3600, 86_400];

/** How often a key may be used: a rate, a quota, both or neither. */
export class LimitsField {
  #initial;
  #rate;
  #quota;
  #refill;

  /** @param current the limits of the key so far */
  constructor(page, current = {}) {
    const { texts } = page;
    const { rateLimit, quota } = current;
    this.max = number(texts.text("apiKeysAdminRateMax"), rateLimit?.max ?? 100);
    this.window = new DurationField(page, texts.text("apiKeysAdminRateWindow"), rateLimit?.windowSeconds ?? 60);
    this.remaining = number(texts.text("apiKeysAdminQuota"), quota?.remaining ?? 1000, "0");
    this.amount = number(texts.text("apiKeysAdminRefillAmount"), quota?.refillAmount ?? 1000);
    this.interval = new DurationField(page, texts.text("apiKeysAdminRefillInterval"), quota?.refillIntervalSeconds ?? 86_400);
    this.#refill = part(texts.text("apiKeysAdminRefill"), Boolean(quota?.refillAmount), [this.amount.element, this.interval.element]);
    this.#rate = part(texts.text("apiKeysAdminRateLimit"), Boolean(rateLimit), [this.max.element, this.window.element]);
    this.#quota = part(texts.text("apiKeysAdminHasQuota"), Boolean(quota), [this.remaining.element, this.#refill.element]);
    this.element = h(
      "fieldset",
      { class: "limits" },
      h("legend", {}, texts.text("apiKeysLimits")),
      this.#rate.element,
      this.#quota.element,
      h("p", { class: "help" }, texts.text("apiKeysAdminLimitsHelp")),
    );
    this.fields = {
      "limits.rateLimit": this.max,
      "limits.quota": this.remaining,
      limits: this.max,
    };
    this.#initial = JSON.stringify(this.#limits);
  }

  get #limits() {
    const limits = {};
    if (this.#rate.isOn()) {
      limits.rateLimit = { max: valueOf(this.max), windowSeconds: this.window.seconds };
    }
    if (this.#quota.isOn()) {
      limits.quota = { remaining: valueOf(this.remaining) };
      if (this.#refill.isOn()) {
        limits.quota.refillAmount = valueOf(this.amount);
        limits.quota.refillIntervalSeconds = this.interval.seconds;
      }
    }
    return Object.keys(limits).length > 0 ? limits : null;
  }

  /** Returns the field of the request; undefined if the limits stay as they are, because those that are set count anew. */
  get value() {
    return JSON.stringify(this.#limits) === this.#initial ? undefined : this.#limits;
  }
}

/** A length of time, as a number and a unit. */
class DurationField {
  #unit;

  constructor({ texts, format }, label, seconds) {
    const unit = UNITS.findLast((each) => seconds % each === 0);
    this.field = number(label, seconds / unit);
    this.#unit = h(
      "select",
      { "aria-label": `${label}: ${texts.text("apiKeysAdminUnit")}` },
      UNITS.map((each) => h("option", { value: each }, format.unit(each))),
    );
    this.#unit.value = String(unit);
    this.element = h("div", { class: "duration" }, this.field.element, this.#unit);
  }

  get seconds() {
    const value = valueOf(this.field);
    return value === null ? null : value * Number(this.#unit.value);
  }
}

/** Makes a box that switches a part of the form on. */
function part(label, isOn, body) {
  const box = choice("checkbox", label, { checked: isOn });
  const content = h("div", { class: "part", hidden: !isOn }, body);
  box.input.addEventListener("change", () => (content.hidden = !box.input.checked));
  return { isOn: () => box.input.checked, element: h("div", {}, box.element, content) };
}

function number(label, value, min = "1") {
  const input = h("input", { type: "number", min, step: "1", inputmode: "numeric" });
  input.value = String(value);
  return new Field(label, input);
}

/** Returns null for what is no number, which the API refuses. */
function valueOf(field) {
  return field.control.value === "" ? null : Number(field.control.value);
}
