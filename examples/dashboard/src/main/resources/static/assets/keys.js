/** Gives Keycloak's element the user's access token, and sends the user to a login when it needs a more recent one. */
import { ask } from "./api.js";

const element = document.querySelector("keycloak-api-keys");

element.token = async () => (await ask("token", "POST")).access_token;

element.addEventListener("api-key-login-required", (event) => {
  event.preventDefault();
  location.assign(`/keys?max_age=${event.detail.maxAge}`);
});
