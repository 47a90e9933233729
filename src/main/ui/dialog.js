import { button, h, newId } from "./dom.js";
import { LoginRequired, Refusal } from "./rest-client.js";

/** A modal dialog with a form. The browser keeps the focus in it, closes it on Esc, and gives the focus back. */
export class Dialog {
  #page;
  #options;
  #alert;
  #submit;

  /**
   * @param page the page that it belongs to
   * @param options title, body (elements), submit (the label of the button, null for none), danger (whether the button
   *     does harm), send (does what the button says; throws what is wrong; returns what comes after the dialog), form (returns what a login in between must not
   *     lose), fields (by the name of the request's field), cancel (the label of the other button), closed
   */
  constructor(page, options) {
    this.#page = page;
    this.#options = options;
    const { texts } = page;
    const title = newId();
    this.#alert = h("p", { class: "alert danger", role: "alert", hidden: true });
    this.#submit =
      options.submit && h("button", { type: "submit", class: options.danger ? "danger" : "primary" }, options.submit);
    this.element = h(
      "dialog",
      { "aria-labelledby": title },
      h(
        "form",
        { method: "dialog", novalidate: true, onsubmit: (event) => this.#send(event) },
        h("h2", { id: title, tabindex: "-1" }, options.title),
        options.body,
        this.#alert,
        h(
          "div",
          { class: "buttons" },
          this.#submit,
          options.cancel !== null &&
            button(options.cancel ?? texts.text("apiKeysCancel"), options.submit ? "link" : "secondary", () =>
              this.close(),
            ),
        ),
      ),
    );
    this.element.addEventListener("close", () => {
      this.element.remove();
      options.closed?.();
    });
  }

  /** @returns this dialog */
  open() {
    this.#page.root.append(this.element);
    this.element.showModal();
    return this;
  }

  close() {
    this.element.close();
  }

  async #send(event) {
    event.preventDefault();
    if (!this.#submit || this.#submit.getAttribute("aria-disabled") === "true") {
      return;
    }
    this.#fail(null);
    Object.values(this.#options.fields ?? {}).forEach((field) => field.setError(null));
    this.#busy(true);
    try {
      const next = await this.#options.send();
      this.close();
      await next?.();
    } catch (error) {
      this.#show(error);
    } finally {
      this.#busy(false);
    }
  }

  #busy(is) {
    this.#submit.setAttribute("aria-disabled", String(is));
    this.element.toggleAttribute("aria-busy", is);
  }

  #show(error) {
    const { texts } = this.#page;
    if (error instanceof LoginRequired) {
      this.#fail(texts.text(this.#page.askForLogin(error.maxAge, this.#options.form()) ? "apiKeysSigningIn" : "apiKeysSignIn"));
      return;
    }
    const message = this.#page.messageOf(error);
    const name = error instanceof Refusal || error instanceof InvalidField ? error.field : null;
    const field = name && this.#options.fields?.[name.split(".").slice(0, 2).join(".")];
    if (field) {
      field.setError(message);
    } else {
      this.#fail(message);
    }
  }

  #fail(message) {
    this.#alert.textContent = message ?? "";
    this.#alert.hidden = !message;
  }
}

/** A value that the page itself can tell is wrong. */
export class InvalidField extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}
