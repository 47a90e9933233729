import { settings } from "@/server/settings";

/** Reads the settings when the server starts, so that it does not start with wrong ones. */
export function register() {
  settings();
}
