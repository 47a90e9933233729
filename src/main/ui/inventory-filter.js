/** The filters of the list of keys, as people choose them, and as the API takes them. */

const DAY_MILLIS = 86_400_000;

/** The values of each filter, apart from "any". */
export const FILTERS = {
  ends: ["0", "7", "30", "90"],
  unused: ["30", "90", "365"],
  state: ["enabled", "disabled"],
  limits: ["limited", "unlimited"],
  holders: ["users", "serviceAccounts"],
};

/** Returns the query parameters that select what a filter does. */
export function queryOf({ search, userId, ends, unused, state, limits, holders }, now = Date.now()) {
  const query = {
    search,
    userId,
    expiresBefore: ends && at(now + Number(ends) * DAY_MILLIS),
    unusedSince: unused && at(now - Number(unused) * DAY_MILLIS),
    disabled: state && String(state === "disabled"),
    limited: limits && String(limits === "limited"),
    serviceAccount: holders && String(holders === "serviceAccounts"),
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value));
}

function at(millis) {
  return new Date(millis).toISOString();
}
