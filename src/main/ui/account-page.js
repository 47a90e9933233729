/** The page "API keys" of Keycloak's Account Console, which imports it as a React component. */

import { createElement, useEffect, useState } from "react";
import { EmbeddedSession, realmUrl } from "./embedded-session.js";
import "./api-keys.js";
import { Texts } from "./texts.js";

const environment = JSON.parse(document.getElementById("environment").textContent);
const session = new EmbeddedSession(environment);
const texts = Texts.load(realmUrl(environment), environment.locale);

export default function ApiKeysPage() {
  const [loaded, setLoaded] = useState(null);
  useEffect(() => {
    texts.then(setLoaded, () => setLoaded(new Texts(new Map(), environment.locale)));
  }, []);
  return createElement(
    "section",
    { className: "pf-v5-c-page__main-section pf-m-light" },
    loaded && createElement("h1", { className: "pf-v5-c-title pf-m-2xl" }, loaded.text("apiKeys")),
    loaded && createElement("p", { className: "pf-v5-u-mb-lg" }, loaded.text("apiKeysIntroduction")),
    createElement("keycloak-api-keys", { "realm-url": realmUrl(environment), lang: environment.locale, ref: attach }),
  );
}

/** @param element null when it leaves the page */
function attach(element) {
  if (element && !element.token) {
    element.addEventListener("api-key-login-required", (event) => {
      event.preventDefault();
      session.signInAgain(event.detail.maxAge);
    });
    element.token = () => session.token();
  }
}
