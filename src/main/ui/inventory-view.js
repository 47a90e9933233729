import { openAdminCreateDialog } from "./admin-create-dialog.js";
import { openAdminRevokeDialog } from "./admin-revoke-dialog.js";
import { AdminRoute } from "./admin-route.js";
import { button, Field, h } from "./dom.js";
import { FILTERS, queryOf } from "./inventory-filter.js";
import { inventoryTable, sortOptions } from "./inventory-table.js";
import { saveAsCsv } from "./key-csv.js";
import { openLookUpDialog } from "./look-up-dialog.js";

const PAGE = 50;

const NEWEST_FIRST = "-createdAt";

/** How long somebody has to stop typing before the search begins. */
const PAUSE_MILLIS = 300;

/** Shows the keys of a realm: filtered, sorted, a page at a time. */
export async function inventoryView(page, route) {
  const { texts } = page;
  const list = h("div", { class: "list" });
  const filter = { ...route.query };
  const holder = h("div", {});
  const found = h("p", { class: "hidden", role: "status" });
  let turn = 0;

  const show = async () => {
    turn += 1;
    const own = turn;
    history.replaceState(history.state, "", new AdminRoute(route.realm, "keys", null, filter).hash);
    list.setAttribute("aria-busy", "true");
    const query = queryOf(filter);
    const first = (Number(filter.page ?? 1) - 1) * PAGE;
    try {
      const [keys, count] = await Promise.all([
        page.client.list({ ...query, sort: filter.sort ?? NEWEST_FIRST, first, max: PAGE }),
        page.client.count(query),
      ]);
      if (own === turn) {
        holder.replaceChildren(...(filter.userId ? [ofHolder(page, filter.userId, keys, () => change({ userId: "" }))] : []));
        list.replaceChildren(
          inventoryTable(page, keys, { sort: filter.sort ?? NEWEST_FIRST, change }),
          pager(page, { first, shown: keys.length, count, turn: (number) => change({ page: String(number) }) }),
        );
        found.textContent = texts.count("apiKeysFound", count, page.format.number(count));
      }
    } catch (error) {
      if (own === turn) {
        list.replaceChildren(h("p", { class: "alert danger", role: "alert" }, page.messageOf(error)));
      }
    } finally {
      list.removeAttribute("aria-busy");
    }
  };

  /** Changes the filter. All but another page begins at the first. */
  const change = (changed) => {
    Object.assign(filter, { page: "" }, changed);
    for (const [name, value] of Object.entries(filter)) {
      if (!value) {
        delete filter[name];
      }
    }
    return show();
  };

  const shown = h(
    "div",
    {},
    h("p", {}, texts.text("apiKeysAdminIntroduction")),
    h(
      "div",
      { class: "bar" },
      button(texts.text("createApiKeySubmit"), "primary", () => openAdminCreateDialog(page).catch(page.fail)),
      button(texts.text("apiKeysAdminLookUp"), "secondary", () => openLookUpDialog(page)),
      button(texts.text("apiKeysAdminExport"), "secondary", () => saveAsCsv(page, queryOf(filter), route.realm)),
    ),
    toolbar(page, filter, change),
    holder,
    found,
    list,
  );
  await show();
  return shown;
}

function toolbar({ texts }, filter, change) {
  const search = h("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  search.value = filter.search ?? "";
  let pause;
  search.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => change({ search: search.value.trim() }), PAUSE_MILLIS);
  });
  const select = (name, label, options, initial = "") => {
    const control = h("select", {}, options.map(([value, text]) => h("option", { value }, text)));
    control.value = filter[name] ?? initial;
    control.addEventListener("change", () => change({ [name]: control.value }));
    return new Field(label, control).element;
  };
  const sort = select("sort", texts.text("apiKeysAdminSort"), sortOptions({ texts }), NEWEST_FIRST);
  sort.classList.add("narrow");
  return h(
    "form",
    { class: "toolbar", role: "search", onsubmit: (event) => event.preventDefault() },
    new Field(texts.text("apiKeysAdminSearch"), search).element,
    Object.entries(FILTERS).map(([name, values]) =>
      select(name, texts.text(`apiKeysAdminFilter_${name}`), [
        ["", texts.text("apiKeysAdminFilter_any")],
        ...values.map((value) => [value, texts.text(`apiKeysAdminFilter_${name}_${value}`)]),
      ]),
    ),
    sort,
  );
}

/** Says whose keys are listed, and lets all of them be revoked. */
function ofHolder(page, userId, keys, close) {
  const { texts } = page;
  const name = keys[0]?.username ?? userId;
  return h(
    "p",
    { class: "alert info holder" },
    h("span", {}, texts.text("apiKeysAdminOfHolder", name)),
    button(texts.text("apiKeysAdminAllHolders"), "link", close),
    button(texts.text("createApiKeySubmit"), "link", () =>
      openAdminCreateDialog(page, { id: userId, username: name }).catch(page.fail),
    ),
    keys.length > 0 &&
      button(texts.text("apiKeysAdminRevokeAll"), "link harm", () =>
        openAdminRevokeDialog(page, {
          title: texts.text("apiKeysAdminRevokeAllTitle", name),
          warning: texts.text("apiKeysAdminRevokeAllWarning"),
          submit: texts.text("apiKeysAdminRevokeAll"),
          revoke: (reason) => page.client.revokeAll(userId, reason),
          done: () => page.reload(texts.text("apiKeysAdminRevokedAll", name)),
        }),
      ),
  );
}

function pager({ texts, format }, { first, shown, count, turn }) {
  const number = first / PAGE + 1;
  const last = Math.max(1, Math.ceil(count / PAGE));
  const to = (target, label, isPossible) =>
    button(texts.text(label), "secondary", () => isPossible && turn(target), { "aria-disabled": !isPossible && "true" });
  return h(
    "div",
    { class: "pager" },
    h(
      "span",
      {},
      shown === 0 ? "" : texts.text("apiKeysAdminRange", format.number(first + 1), format.number(first + shown), format.number(count)),
    ),
    last > 1 && [
      to(1, "apiKeysAdminFirst", number > 1),
      to(number - 1, "apiKeysAdminPrevious", number > 1),
      to(number + 1, "apiKeysAdminNext", number < last),
      to(last, "apiKeysAdminLast", number < last),
    ],
  );
}
