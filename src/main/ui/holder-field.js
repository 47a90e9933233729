import { InvalidField } from "./dialog.js";
import { choice, Field, h, newId } from "./dom.js";

/** How long somebody has to stop typing before the search begins. */
const PAUSE_MILLIS = 300;

/** Whose a new key is: a user's, a new user's or a service account's. */
export class HolderField {
  #kinds;

  /**
   * @param holder id and username of whom the key is for; undefined to choose
   * @param chosen is given the id of the user who is chosen; returns a promise
   */
  constructor(page, holder, chosen) {
    const { texts } = page;
    const users = new Suggestions(page, {
      label: texts.text("apiKeysAdminUsername"),
      search: async (text) => (await page.client.users(text)).map(({ id, username }) => ({ id, name: username })),
      chosen,
    });
    const clients = new Suggestions(page, {
      label: texts.text("apiKeysAdminClient"),
      help: texts.text("apiKeysAdminClientHelp"),
      search: async (text) =>
        (await page.client.clientsWithServiceAccount(text)).map(({ id, clientId }) => ({ id, name: clientId })),
      chosen: async (id) => chosen((await page.client.serviceAccount(id)).id),
    });
    const created = new NewUser(page);
    if (holder) {
      users.choose({ id: holder.id, name: holder.username });
    }
    this.#kinds = [
      ["user", users.field.element, () => users.requireChoice("userId", (id) => ({ userId: id }))],
      ["newUser", created.element, () => created.value],
      [
        "serviceAccount",
        clients.field.element,
        () => clients.requireChoice("client", async (id) => ({ userId: (await page.client.serviceAccount(id)).id })),
      ],
    ].map(([kind, body, value]) => ({ kind, body, value }));
    const name = newId();
    for (const each of this.#kinds) {
      each.radio = choice("radio", texts.text(`apiKeysAdminFor_${each.kind}`), { name, checked: each.kind === "user" });
      each.radio.input.addEventListener("change", () => this.#show());
    }
    this.element = h(
      "div",
      {},
      h(
        "fieldset",
        { class: "kinds" },
        h("legend", {}, texts.text("apiKeysAdminFor")),
        this.#kinds.map(({ radio }) => radio.element),
      ),
      this.#kinds.map(({ body }) => body),
    );
    this.fields = { userId: users.field, client: clients.field, ...created.fields };
    this.#show();
  }

  #show() {
    for (const { radio, body } of this.#kinds) {
      body.hidden = !radio.input.checked;
    }
  }

  /** Returns a promise of the fields of the request. */
  value() {
    return this.#kinds.find(({ radio }) => radio.input.checked).value();
  }
}

/** A field that offers what fits what is typed; something that was offered has to be chosen. */
class Suggestions {
  #options = new Map();
  #current;
  #texts;
  #messageOf;
  #chosen;

  constructor({ texts, messageOf }, { label, help = null, search, chosen }) {
    this.#texts = texts;
    this.#messageOf = messageOf;
    this.#chosen = chosen;
    const list = h("datalist", { id: newId() });
    const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", list: list.id });
    this.field = new Field(label, input, help);
    this.field.element.append(list);
    let pause;
    const look = async () => {
      try {
        for (const option of await search(input.value.trim())) {
          this.#options.set(option.name, option.id);
        }
        list.replaceChildren(...[...this.#options.keys()].map((name) => h("option", { value: name })));
        this.#tell();
      } catch (error) {
        this.field.setError(messageOf(error));
      }
    };
    input.addEventListener("input", () => {
      clearTimeout(pause);
      if (!this.#tell()) {
        pause = setTimeout(look, PAUSE_MILLIS);
      }
    });
    this.look = look;
  }

  choose({ id, name }) {
    this.#options.set(name, id);
    this.field.control.value = name;
  }

  /** @returns whether what is typed has been offered */
  #tell() {
    const id = this.#options.get(this.field.control.value.trim());
    if (id !== undefined && id !== this.#current) {
      this.field.setError(null);
      this.#chosen(id).catch((error) => this.field.setError(this.#messageOf(error)));
    }
    this.#current = id;
    return id !== undefined;
  }

  async requireChoice(field, use) {
    const name = this.field.control.value.trim();
    if (name && !this.#options.has(name)) {
      await this.look();
    }
    if (!this.#options.has(name)) {
      throw new InvalidField(field, this.#texts.text("apiKeysAdminUnknownHolder"));
    }
    return use(this.#options.get(name));
  }
}

/** A user who is made with the key. */
class NewUser {
  constructor({ texts }) {
    const text = (label, type = "text", help = null) =>
      new Field(texts.text(label), h("input", { type, autocomplete: "off", spellcheck: "false" }), help);
    this.username = text("apiKeysAdminNewUsername", "text", texts.text("apiKeysAdminNewUserHelp"));
    this.email = text("apiKeysAdminEmail", "email");
    this.firstName = text("apiKeysAdminFirstName");
    this.lastName = text("apiKeysAdminLastName");
    const { username, email, firstName, lastName } = this;
    this.element = h("div", {}, [username, email, firstName, lastName].map((field) => field.element));
    this.fields = {
      user: username,
      "user.username": username,
      "user.email": email,
      "user.firstName": firstName,
      "user.lastName": lastName,
    };
  }

  get value() {
    const filled = (field) => field.control.value.trim() || undefined;
    return {
      user: {
        username: filled(this.username),
        email: filled(this.email),
        firstName: filled(this.firstName),
        lastName: filled(this.lastName),
      },
    };
  }
}
