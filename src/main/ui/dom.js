/** Builds elements. Text only ever becomes text: no module parses HTML. */

/**
 * Makes an element.
 *
 * @param attributes true sets an attribute without a value, false and null none; "onclick" and the like are listeners
 * @param children elements and texts; null and false are left out
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value != null) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

let ids = 0;

/** Returns an id that no other element has. */
export function newId() {
  ids += 1;
  return `k${ids}`;
}

/** Makes a button that does not submit a form. */
export function button(label, kind, onclick, attributes = {}) {
  return h("button", { type: "button", class: kind, onclick, ...attributes }, label);
}

/** A labelled control with a help text and a place for what is wrong with its value. */
export class Field {
  /** @param help null for none */
  constructor(label, control, help = null) {
    const id = newId();
    control.id = id;
    this.control = control;
    this.error = h("p", { id: `${id}-error`, class: "error", hidden: true });
    this.help = help && h("p", { id: `${id}-help`, class: "help" }, help);
    this.element = h("div", { class: "field" }, h("label", { for: id }, label), control, this.help, this.error);
    this.#describe();
  }

  /** Shows what is wrong; null shows that nothing is. */
  setError(message) {
    this.error.textContent = message ?? "";
    this.error.hidden = !message;
    this.control.toggleAttribute("aria-invalid", false);
    if (message) {
      this.control.setAttribute("aria-invalid", "true");
      this.control.focus();
    }
    this.#describe();
  }

  #describe() {
    const ids = [this.help, this.error.hidden ? null : this.error].filter(Boolean).map((each) => each.id);
    if (ids.length > 0) {
      this.control.setAttribute("aria-describedby", ids.join(" "));
    } else {
      this.control.removeAttribute("aria-describedby");
    }
  }
}

/** Makes a check box or radio button with its label. */
export function choice(type, label, attributes = {}) {
  const id = newId();
  const input = h("input", { type, id, ...attributes });
  return { input, element: h("div", { class: "choice" }, input, h("label", { for: id }, label)) };
}
