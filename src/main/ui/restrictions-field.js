import { choice, Field, h, newId } from "./dom.js";
import { InvalidField } from "./dialog.js";

const LINES = /[\s,]+/;

/** Between the client and the role in the value of a box; no id or name has it. */
const OF_CLIENT = "\n";

/**
 * What a key may do: everything that its holder may, or less. Holders can only restrict an existing key further;
 * administrators can also lift restrictions.
 */
export class RestrictionsField {
  #parts;
  #initial;

  /**
   * @param key the key as it is, with what its restrictions name but no longer exists, which goes with the next change of
   *   its part; nothing for a new key
   * @param lifts whether restrictions can be lifted
   */
  constructor(page, { restrictions: current = {}, missing = [] } = {}, lifts = false) {
    const { texts } = page;
    this.#parts = [Roles, Programs, Networks, ...(lifts ? [Scopes, Organization] : [])].map(
      (Each) => new Each(page, current, missing, lifts),
    );
    const name = newId();
    const restricted = this.#parts.some((part) => part.isOn);
    this.all = choice("radio", texts.text(lifts ? "apiKeysEverythingOfHolder" : "apiKeysEverything"), {
      name,
      checked: !restricted,
      disabled: restricted && !lifts,
    });
    this.only = choice("radio", texts.text("apiKeysOnly"), { name, checked: restricted });
    this.parts = h("div", { class: "parts" }, this.#parts.map((part) => part.element));
    for (const { input } of [this.all, this.only]) {
      input.addEventListener("change", () => this.#show());
    }
    this.error = h("p", { class: "error", role: "alert", hidden: true });
    this.element = h(
      "fieldset",
      {},
      h("legend", {}, texts.text("apiKeysMay")),
      this.all.element,
      this.only.element,
      this.parts,
      this.error,
    );
    this.#show();
    this.#initial = JSON.stringify(this.#parts.map((part) => part.value));
    this.texts = texts;
  }

  #show() {
    this.parts.hidden = !this.only.input.checked;
  }

  setError(message) {
    this.error.textContent = message ?? "";
    this.error.hidden = !message;
  }

  /** Offers the roles of another holder. */
  offerRoles(roles) {
    this.#parts[0].offer(roles);
  }

  get state() {
    return { only: this.only.input.checked, parts: this.#parts.map((part) => part.state) };
  }

  set state({ only, parts }) {
    this.only.input.checked = only;
    this.all.input.checked = !only;
    this.#parts.forEach((part, index) => (part.state = parts[index]));
    this.#show();
  }

  /** Returns the field of the request, without what stays as it is; undefined if all does. */
  get value() {
    const initial = JSON.parse(this.#initial);
    if (!this.only.input.checked) {
      return initial.some((value) => Object.keys(value).length > 0) ? null : undefined;
    }
    if (!this.#parts.some((part) => part.isOn)) {
      throw new InvalidField("restrictions", this.texts.text("apiKeysOnlyWhat"));
    }
    const changed = this.#parts
      .map((part, index) => ({ part, value: { ...lifted(initial[index]), ...part.value } }))
      .filter(({ value }, index) => JSON.stringify(value) !== JSON.stringify(initial[index]));
    if (changed.some(({ part }) => part.isOn && part.isEmpty)) {
      throw new InvalidField("restrictions", this.texts.text("apiKeysOnlyWhich"));
    }
    return changed.length === 0 ? undefined : Object.assign({}, ...changed.map(({ value }) => value));
  }
}

/** Returns what takes a part of the restrictions away. */
function lifted(value) {
  return Object.fromEntries(Object.keys(value).map((name) => [name, null]));
}

/** A part of the restrictions, with a box that switches it on. */
class Part {
  /**
   * @param isSet whether the key is restricted so already
   * @param isFixed whether that cannot be switched off
   */
  constructor(label, isSet, isFixed, body) {
    this.isFixed = isFixed;
    this.box = choice("checkbox", label, { checked: isSet, disabled: isFixed });
    this.body = h("div", { class: "part" }, body);
    this.box.input.addEventListener("change", () => this.show());
    this.element = h("div", {}, this.box.element, this.body);
    this.show();
  }

  get isOn() {
    return this.box.input.checked;
  }

  /** Whether the key could be used nowhere. */
  get isEmpty() {
    return Object.values(this.value).some((names) => names.length === 0);
  }

  show() {
    this.body.hidden = !this.isOn;
  }
}

/** Boxes for names, of which some are checked. */
class Boxes {
  /**
   * @param names pairs of a value and its label
   * @param checked tells which values are checked
   * @param missing tells which values no longer exist; they cannot be checked
   */
  constructor({ texts }, label, names, checked, missing = () => false) {
    this.boxes = names.map(([value, text]) =>
      missing(value)
        ? choice("checkbox", texts.text("apiKeysMissing", text), { value, disabled: true })
        : choice("checkbox", text, { value, checked: checked(value) }),
    );
    this.element = h(
      "div",
      { class: "boxes", role: "group", "aria-label": label, hidden: names.length === 0 },
      this.boxes.map((box) => box.element),
    );
  }

  get value() {
    return this.boxes.filter(({ input }) => input.checked).map(({ input }) => input.value);
  }

  set value(values) {
    this.boxes.forEach(({ input }) => (input.checked = values.includes(input.value)));
  }
}

class Roles extends Part {
  constructor(page, current, missing, lifts) {
    const { texts, choices } = page;
    const isSet = current.realmRoles !== undefined || current.clientRoles !== undefined;
    const { realmRoles, clientRoles } = choices.restrictions;
    const allowed = isSet ? roleNames(current.realmRoles ?? realmRoles, current.clientRoles ?? clientRoles) : new Map();
    const offered = isSet && !lifts ? new Map() : roleNames(realmRoles, clientRoles);
    const names = [...new Map([...allowed, ...offered])];
    const boxes = new Boxes(
      page,
      texts.text("apiKeysRoles"),
      names,
      (name) => allowed.has(name),
      (value) => {
        const [client, role] = value.split(OF_CLIENT);
        return missing.includes(role === undefined ? `realmRoles.${client}` : `clientRoles.${client}.${role}`);
      },
    );
    super(texts.text("apiKeysOnlyRoles"), isSet, isSet && !lifts, boxes.element);
    this.boxes = boxes;
    this.page = page;
  }

  offer({ realmRoles, clientRoles }) {
    const chosen = this.boxes.value;
    const boxes = new Boxes(
      this.page,
      this.page.texts.text("apiKeysRoles"),
      [...roleNames(realmRoles, clientRoles)],
      (name) => chosen.includes(name),
    );
    this.boxes.element.replaceWith(boxes.element);
    this.boxes = boxes;
  }

  /** A key without roles can still say who its holder is. */
  get isEmpty() {
    return false;
  }

  get state() {
    return { on: this.isOn, roles: this.boxes.value };
  }

  set state({ on, roles }) {
    this.box.input.checked = on || this.isFixed;
    this.boxes.value = roles;
    this.show();
  }

  get value() {
    if (!this.isOn) {
      return {};
    }
    const realmRoles = [];
    const clientRoles = Object.create(null);
    for (const value of this.boxes.value) {
      const [client, role] = value.split(OF_CLIENT);
      if (role === undefined) {
        realmRoles.push(client);
      } else {
        (clientRoles[client] ??= []).push(role);
      }
    }
    return { realmRoles, clientRoles };
  }
}

/** Returns the labels of roles, by the values of their boxes. */
function roleNames(realmRoles, clientRoles) {
  return new Map([
    ...realmRoles.map((role) => [role, role]),
    ...Object.entries(clientRoles).flatMap(([client, roles]) =>
      roles.map((role) => [client + OF_CLIENT + role, `${client}: ${role}`]),
    ),
  ]);
}

class Programs extends Part {
  constructor(page, current, missing, lifts) {
    const { texts, choices } = page;
    const known = new Map(choices.restrictions.clients.map(({ id, name }) => [id, texts.name(name) ?? id]));
    const ids = current.clients ?? [...known.keys()];
    const isSet = current.clients !== undefined;
    const isFixed = isSet && !lifts;
    const boxes = new Boxes(
      page,
      texts.text("apiKeysPrograms"),
      ids.map((id) => [id, known.get(id) ?? id]),
      () => isSet,
      (id) => missing.includes(`clients.${id}`),
    );
    const others = new Field(
      texts.text("apiKeysOtherPrograms"),
      h("input", { type: "text", autocomplete: "off", spellcheck: "false" }),
      texts.text("apiKeysOtherProgramsHelp"),
    );
    super(texts.text("apiKeysOnlyPrograms"), isSet, isFixed, [boxes.element, !isFixed && others.element]);
    this.boxes = boxes;
    this.others = others.control;
  }

  get state() {
    return { on: this.isOn, known: this.boxes.value, others: this.others.value };
  }

  set state({ on, known, others }) {
    this.box.input.checked = on || this.isFixed;
    this.boxes.value = known;
    this.others.value = others;
    this.show();
  }

  get value() {
    return this.isOn ? { clients: [...new Set([...this.boxes.value, ...words(this.others.value)])] } : {};
  }
}

class Networks extends Part {
  constructor({ texts }, current, missing, lifts) {
    const isSet = current.cidrs !== undefined;
    const field = new Field(
      texts.text("apiKeysNetworks"),
      h("textarea", { rows: "3", spellcheck: "false" }),
      texts.text("apiKeysNetworksHelp"),
    );
    field.control.value = (current.cidrs ?? []).join("\n");
    super(texts.text("apiKeysOnlyNetworks"), isSet, isSet && !lifts, field.element);
    this.lines = field.control;
  }

  get state() {
    return { on: this.isOn, lines: this.lines.value };
  }

  set state({ on, lines }) {
    this.box.input.checked = on || this.isFixed;
    this.lines.value = lines;
    this.show();
  }

  get value() {
    return this.isOn ? { cidrs: words(this.lines.value) } : {};
  }
}

class Scopes extends Part {
  constructor({ texts }, current) {
    const field = new Field(
      texts.text("apiKeysScopes"),
      h("input", { type: "text", autocomplete: "off", spellcheck: "false" }),
      texts.text("apiKeysScopesHelp"),
    );
    field.control.value = (current.scopes ?? []).join(", ");
    super(texts.text("apiKeysOnlyScopes"), current.scopes !== undefined, false, field.element);
    this.names = field.control;
  }

  /** A key without scopes can still say who its holder is. */
  get isEmpty() {
    return false;
  }

  get value() {
    return this.isOn ? { scopes: words(this.names.value) } : {};
  }
}

class Organization extends Part {
  constructor({ texts }, current) {
    const field = new Field(
      texts.text("apiKeysOrganization"),
      h("input", { type: "text", autocomplete: "off", spellcheck: "false" }),
      texts.text("apiKeysOrganizationHelp"),
    );
    field.control.value = current.organization ?? "";
    super(texts.text("apiKeysOnlyOrganization"), current.organization !== undefined, false, field.element);
    this.alias = field.control;
  }

  get value() {
    return this.isOn ? { organization: this.alias.value.trim() } : {};
  }
}

function words(text) {
  return text.split(LINES).filter(Boolean);
}

/** Lists the restrictions of a key, as pairs of a label and a text that says what of them no longer exists. */
export function describe({ texts }, restrictions = {}, missing = []) {
  const { realmRoles, clientRoles, clients, cidrs, scopes, organization } = restrictions;
  const named = (part, names, label = (name) => name) =>
    names.map((name) =>
      missing.includes(`${part}.${name}`) ? texts.text("apiKeysMissing", label(name)) : label(name),
    );
  const roles = [
    ...named("realmRoles", realmRoles ?? []),
    ...Object.entries(clientRoles ?? {}).flatMap(([client, names]) =>
      named(`clientRoles.${client}`, names, (role) => `${client}: ${role}`),
    ),
  ];
  return [
    realmRoles || clientRoles ? ["apiKeysRoles", roles] : null,
    clients ? ["apiKeysPrograms", named("clients", clients)] : null,
    cidrs ? ["apiKeysNetworks", cidrs] : null,
    scopes ? ["apiKeysScopes", named("scopes", scopes)] : null,
    organization ? ["apiKeysOrganization", named("organization", [organization])] : null,
  ]
    .filter(Boolean)
    .map(([label, names]) => [texts.text(label), names.length > 0 ? names.join(", ") : texts.text("apiKeysNone")]);
}
