/** What the lists of keys show of a key. */

import { h } from "./dom.js";
import { stateOf } from "./format.js";

/** Makes the labels that say which state a key is in, and whether it has limits. */
export function stateLabels({ texts, format }, key) {
  const state = stateOf(key);
  return [
    h("span", { class: `label ${state}` }, texts.text(`apiKeysState_${state}`)),
    key.limits && [
      h("span", { class: "label limited" }, texts.text("apiKeysLimited")),
      h("span", { class: "note" }, format.limits(key.limits)[0]),
    ],
  ];
}

/** Says when, from where and how often a key was used. */
export function lastUse({ texts, format }, key) {
  if (key.lastUsedAt === null) {
    return texts.text("apiKeyNeverUsed");
  }
  return [
    h("span", {}, format.time(key.lastUsedAt)),
    h("span", { class: "note" }, format.lastPlace(key)),
    h("span", { class: "note" }, format.uses(key)),
  ];
}
