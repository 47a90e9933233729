/** Whether the user has pressed "Log out", after which this page waits for Keycloak's answer and no longer has a session. */
let isLoggingOut = false;

document.querySelector("#logout").form.addEventListener("submit", () => (isLoggingOut = true));

/** Asks this program as the user who is signed in; leaves the page once nobody is. */
export async function ask(path, method = "GET") {
  const csrf = document.querySelector("meta[name=csrf]");
  const response = await fetch(`/api/${path}`, {
    method,
    headers: { Accept: "application/json", [csrf.dataset.header]: csrf.content },
    cache: "no-store",
  });
  if (response.status === 401 && !isLoggingOut) {
    location.assign("/signed-out?ended");
  }
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}`);
  }
  return response.json();
}
