import { choice, Field, h } from "./dom.js";
import { Refusal } from "./rest-client.js";

/** Shows the realm's policy as a form, with the help that the server gives. */
export async function policyView(page) {
  const { texts } = page;
  const { properties, config } = await page.client.policy();
  const settings = properties.map((property) => new Setting(property, config[property.name]));
  const alert = h("p", { class: "alert danger", role: "alert", hidden: true });
  const submit = async (event) => {
    event.preventDefault();
    settings.forEach((setting) => setting.field.setError(null));
    alert.hidden = true;
    try {
      // Keycloak does not store an empty value: what is absent has its default.
      const values = settings.map((setting) => [setting.name, setting.value]).filter(([, value]) => value !== "");
      await page.client.savePolicy({ ...config, ...emptied(settings), ...Object.fromEntries(values) });
      page.reload(texts.text("apiKeysAdminPolicySaved"));
    } catch (error) {
      const blamed = error instanceof Refusal && settings.find(({ name }) => name === error.field);
      if (blamed) {
        blamed.field.setError(page.messageOf(error));
      } else {
        alert.textContent = page.messageOf(error);
        alert.hidden = false;
      }
    }
  };
  return h(
    "form",
    { class: "policy", novalidate: true, onsubmit: submit },
    h("p", {}, texts.text("apiKeysAdminPolicyIntroduction")),
    settings.map((setting) => setting.field.element),
    alert,
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, texts.text("apiKeysSave"))),
  );
}

function emptied(settings) {
  return Object.fromEntries(settings.map(({ name }) => [name, ""]));
}

/** A property of the policy as a field of the form. */
class Setting {
  #control;

  /** @param value what is set; undefined for the default */
  constructor({ name, label, helpText, type, defaultValue, options }, value) {
    this.name = name;
    const shown = value ?? defaultValue ?? "";
    if (type === "boolean") {
      const { input, element } = choice("checkbox", label, { checked: shown === "true" });
      this.#control = input;
      this.field = described(input, element, helpText);
      return;
    }
    this.#control =
      type === "List"
        ? h("select", {}, options.map((option) => h("option", { value: option }, option)))
        : h("input", { type: "text", autocomplete: "off", spellcheck: "false" });
    this.#control.value = String(shown);
    this.field = new Field(label, this.#control, helpText);
  }

  get value() {
    return this.#control.type === "checkbox" ? String(this.#control.checked) : this.#control.value.trim();
  }
}

/** Makes a field of a check box, whose label is beside it. */
function described(input, element, help) {
  const note = h("p", { class: "help", id: `${input.id}-help` }, help);
  const error = h("p", { class: "error", role: "alert", hidden: true });
  input.setAttribute("aria-describedby", note.id);
  return {
    element: h("div", { class: "field" }, element, note, error),
    setError: (message) => {
      error.textContent = message ?? "";
      error.hidden = !message;
    },
  };
}
