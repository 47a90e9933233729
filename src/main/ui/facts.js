import { h } from "./dom.js";
import { stateOf } from "./format.js";
import { describe } from "./restrictions-field.js";

/**
 * Lists everything about a key.
 *
 * @param more pairs of a term and a description, which come first
 */
export function facts(page, key, more = []) {
  const { texts, format } = page;
  const rows = [
    ...more,
    [texts.text("apiKeysState"), texts.text(`apiKeysState_${stateOf(key)}`)],
    [texts.text("apiKeysHint"), key.hint ?? "–"],
    [texts.text("apiKeysMadeAt"), format.time(key.createdAt)],
    [texts.text("apiKeysExpiry"), key.expiresAt === null ? texts.text("apiKeysNever") : format.time(key.expiresAt)],
    [
      texts.text("apiKeyLastUse"),
      key.lastUsedAt === null
        ? texts.text("apiKeyNeverUsed")
        : [format.time(key.lastUsedAt), format.lastPlace(key), format.uses(key)].filter(Boolean).join(" · "),
    ],
    ...(key.limits ? [[texts.text("apiKeysLimits"), format.limits(key.limits).join(" · ")]] : []),
    ...describe(page, key.restrictions, key.missing),
    ...Object.entries(key.metadata ?? {}).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ];
  return h(
    "dl",
    {},
    rows.map(([term, description]) => h("div", {}, h("dt", {}, term), h("dd", {}, description))),
  );
}
