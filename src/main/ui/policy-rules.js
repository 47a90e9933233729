/** The realm's policy as rules for the forms. The server enforces them; where the policy cannot be read, it alone does. */

const DAY = 86_400;

/** @param config the settings of required action CREATE_API_KEY, by name */
export function rulesOf(config) {
  const longestSeconds = days(config["longest-expiry-days"]);
  return {
    required: config["expiry-required"] === "true" || longestSeconds !== null,
    defaultSeconds: days(config["default-expiry-days"]) ?? longestSeconds,
    longestSeconds,
    latest: null,
  };
}

function days(text) {
  return text ? Number(text) * DAY : null;
}
