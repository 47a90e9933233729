/** Shows what the example API answers to the user's access token. */
import { ask } from "./api.js";

const report = document.querySelector("#report");

document.querySelector("#read-report").addEventListener("click", async () => {
  report.hidden = false;
  report.textContent = "…";
  try {
    const { status, body } = await ask("report");
    report.textContent = `${status}\n${body}`;
  } catch {
    report.textContent = "The reports API cannot be reached. Is it running?";
  }
});
