/** The texts of the page: messages of the realm's account theme, which the realm's localization can change. */

const PARAMETER = /\{\{?(\d)\}?\}/g;

export class Texts {
  #messages;

  /**
   * @param messages by key
   * @param lang the language that was asked for
   */
  constructor(messages, lang) {
    this.#messages = messages;
    // Where the realm does not have the language, dates are written in the one that the texts are in.
    const language = messages.get("apiKeysLanguage") ?? "en";
    this.lang = lang.toLowerCase().split("-")[0] === language.split("-")[0] ? lang : language;
    this.plurals = new Intl.PluralRules(this.lang);
  }

  /** Loads the texts of a realm. */
  static async load(realmUrl, lang) {
    const [, server, realm] = /^(.*)\/realms\/([^/]+)$/.exec(realmUrl);
    const response = await fetch(`${server}/resources/${realm}/account/${encodeURIComponent(lang)}`);
    if (!response.ok) {
      throw new Error(`The texts could not be loaded: ${response.status}`);
    }
    const messages = await response.json();
    return new Texts(new Map(messages.map(({ key, value }) => [key, value])), lang);
  }

  has(key) {
    return this.#messages.has(key);
  }

  /** Returns a text with its parameters filled in. */
  text(key, ...parameters) {
    const message = this.#messages.get(key) ?? key;
    return message.replace(PARAMETER, (placeholder, index) => String(parameters[index] ?? placeholder));
  }

  /** Returns the form of a text that a number asks for. */
  count(key, number, ...parameters) {
    const form = `${key}_${this.plurals.select(number)}`;
    return this.text(this.has(form) ? form : `${key}_other`, ...parameters);
  }

  /** Returns a name that a realm may have written as a reference to a text, such as ${client_account}. */
  name(name) {
    const key = /^\$\{(.+)\}$/.exec(name ?? "")?.[1];
    return key === undefined ? name : this.has(key) ? this.text(key) : null;
  }
}
