/** Looks every few seconds whether the session has ended, for example because its key was revoked in another window. */
import { ask } from "./api.js";

const SECONDS = 3;

setInterval(() => ask("me").catch((error) => console.warn(error.message)), SECONDS * 1000);
