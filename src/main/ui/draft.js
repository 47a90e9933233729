/** Keeps a form over the login that it asks for. It never holds a key: there is none before the form is sent. */

/** After that, nobody expects the form any more. */
const KEPT_MILLIS = 15 * 60_000;

const name = (realmUrl) => `keycloak-api-keys ${realmUrl}`;

/**
 * Keeps a form in this tab.
 *
 * @param form which dialog it is, and what is in it
 */
export function keep(realmUrl, form) {
  sessionStorage.setItem(name(realmUrl), JSON.stringify({ form, until: Date.now() + KEPT_MILLIS }));
}

/** Returns the form that was kept, once; null if there is none. */
export function take(realmUrl) {
  const kept = sessionStorage.getItem(name(realmUrl));
  sessionStorage.removeItem(name(realmUrl));
  if (kept === null) {
    return null;
  }
  const { form, until } = JSON.parse(kept);
  return until > Date.now() ? form : null;
}
