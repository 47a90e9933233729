import { settings } from "@/server/settings";

/** Reads the settings when the server starts: with wrong ones, it says so at once and answers nothing. */
export function register() {
  settings();
}
