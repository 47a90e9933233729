import { orElse } from "./admin-client.js";
import { h } from "./dom.js";
import { day } from "./format.js";

const DAYS = 30;
const DAY_MILLIS = 86_400_000;

/** Events are asked for so many at a time, and no more than so many altogether. */
const AT_ONCE = 500;
const MOST = 5_000;

/**
 * Shows how often a key was used on each of the last days, as soon as that is known; nothing if the realm keeps no events
 * of that, or the administrator may not see them.
 */
export function usesChart(page, key) {
  const place = h("div", {});
  chart(page, key, Date.now()).then(
    (shown) => shown && place.replaceChildren(shown),
    (error) => place.replaceChildren(h("p", { class: "alert danger", role: "alert" }, page.messageOf(error))),
  );
  return place;
}

/** @returns a promise of null if there is nothing to show */
async function chart({ client, texts, format }, key, now) {
  const uses = new Map(
    Array.from({ length: DAYS }, (unused, index) => [day(now - (DAYS - 1 - index) * DAY_MILLIS), 0]),
  );
  const [first] = uses.keys();
  const { events, isAll } = await eventsOf(client, key, first);
  for (const { time } of events) {
    const on = day(time);
    if (uses.has(on)) {
      uses.set(on, uses.get(on) + 1);
    }
  }
  const most = Math.max(...uses.values());
  if (most === 0) {
    return null;
  }
  const date = (on) => format.date(`${on}T00:00`);
  return h(
    "section",
    { class: "card" },
    h("h3", {}, texts.text("apiKeysAdminUses")),
    h("p", { class: "help" }, texts.text(isAll ? "apiKeysAdminUsesHelp" : "apiKeysAdminUsesPart", format.number(MOST))),
    h(
      "ol",
      { class: "chart" },
      [...uses].map(([on, count]) => bar(`${date(on)}: ${format.number(count)}`, count / most)),
    ),
    h("p", { class: "help axis" }, h("span", {}, date(first)), h("span", {}, date(day(now)))),
  );
}

function bar(text, height) {
  const element = h("li", { title: text, class: height === 0 && "none" }, h("span", { class: "hidden" }, text));
  element.style.setProperty("--height", String(height));
  return element;
}

async function eventsOf(client, key, since) {
  const found = [];
  for (let first = 0; first < MOST; first += AT_ONCE) {
    const events = await orElse(client.events(key.userId, since, first, AT_ONCE), []);
    found.push(...events.filter(({ details, error }) => details?.api_key_id === key.id && !error));
    if (events.length < AT_ONCE) {
      return { events: found, isAll: true };
    }
  }
  return { events: found, isAll: false };
}
