import { choice, Field, h, newId } from "./dom.js";
import { InvalidField } from "./dialog.js";

const LINES = /[\s,]+/;

/** Between the client and the role in the value of a box; no id or name has it. */
const OF_CLIENT = "\n";

/** What a key may do: everything that its holder may, or less. An existing key can only be restricted further. */
export class RestrictionsField {
  #parts;
  #initial;

  /**
   * @param current the restrictions of the key so far
   * @param missing what they name but no longer exists; it goes with the next change of its part
   */
  constructor(page, current = {}, missing = []) {
    const { texts } = page;
    this.#parts = [new Roles(page, current, missing), new Programs(page, current, missing), new Networks(page, current)];
    const name = newId();
    const restricted = this.#parts.some((part) => part.isFixed);
    this.all = choice("radio", texts.text("apiKeysEverything"), { name, checked: !restricted, disabled: restricted });
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
    if (!this.only.input.checked) {
      return undefined;
    }
    if (!this.#parts.some((part) => part.isOn)) {
      throw new InvalidField("restrictions", this.texts.text("apiKeysOnlyWhat"));
    }
    const initial = JSON.parse(this.#initial);
    const changed = this.#parts.filter((part, index) => JSON.stringify(part.value) !== JSON.stringify(initial[index]));
    if (changed.some((part) => part.isEmpty)) {
      throw new InvalidField("restrictions", this.texts.text("apiKeysOnlyWhich"));
    }
    return changed.length === 0 ? undefined : Object.assign({}, ...changed.map((part) => part.value));
  }
}

/** A part of the restrictions, with a box that switches it on. One that the key has cannot be switched off. */
class Part {
  /** @param isFixed whether the key is restricted so already */
  constructor(label, isFixed, body) {
    this.isFixed = isFixed;
    this.box = choice("checkbox", label, { checked: isFixed, disabled: isFixed });
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
   * @param checked whether the boxes are checked
   * @param missing tells which values no longer exist; they cannot be checked
   */
  constructor({ texts }, label, names, checked, missing) {
    this.boxes = names.map(([value, text]) =>
      missing(value)
        ? choice("checkbox", texts.text("apiKeysMissing", text), { value, disabled: true })
        : choice("checkbox", text, { value, checked }),
    );
    this.element = h(
      "div",
      { class: "boxes", role: "group", "aria-label": label },
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
  constructor(page, current, missing) {
    const { texts, choices } = page;
    const { realmRoles, clientRoles } = choices.restrictions;
    const fixed = current.realmRoles !== undefined || current.clientRoles !== undefined;
    const names = [
      ...(current.realmRoles ?? realmRoles).map((role) => [role, role]),
      ...Object.entries(current.clientRoles ?? clientRoles).flatMap(([client, roles]) =>
        roles.map((role) => [client + OF_CLIENT + role, `${client}: ${role}`]),
      ),
    ];
    const boxes = new Boxes(page, texts.text("apiKeysRoles"), names, fixed, (value) => {
      const [client, role] = value.split(OF_CLIENT);
      return missing.includes(role === undefined ? `realmRoles.${client}` : `clientRoles.${client}.${role}`);
    });
    super(texts.text("apiKeysOnlyRoles"), fixed, boxes.element);
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
    const clientRoles = {};
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

class Programs extends Part {
  constructor(page, current, missing) {
    const { texts, choices } = page;
    const known = new Map(choices.restrictions.clients.map(({ id, name }) => [id, texts.name(name) ?? id]));
    const ids = current.clients ?? [...known.keys()];
    const fixed = current.clients !== undefined;
    const boxes = new Boxes(
      page,
      texts.text("apiKeysPrograms"),
      ids.map((id) => [id, known.get(id) ?? id]),
      fixed,
      (id) => missing.includes(`clients.${id}`),
    );
    const others = new Field(
      texts.text("apiKeysOtherPrograms"),
      h("input", { type: "text", autocomplete: "off", spellcheck: "false" }),
      texts.text("apiKeysOtherProgramsHelp"),
    );
    super(texts.text("apiKeysOnlyPrograms"), fixed, [boxes.element, !fixed && others.element]);
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
  constructor({ texts }, current) {
    const field = new Field(
      texts.text("apiKeysNetworks"),
      h("textarea", { rows: "3", spellcheck: "false" }),
      texts.text("apiKeysNetworksHelp"),
    );
    field.control.value = (current.cidrs ?? []).join("\n");
    super(texts.text("apiKeysOnlyNetworks"), current.cidrs !== undefined, field.element);
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
