import { z } from "zod";

const text = z.string("is missing");

/** The environment variables of `.env.example`, by the names that Auth.js gives them. */
const Settings = z.object({
  AUTH_URL: text.pipe(z.url("must be the address of this application")),
  AUTH_SECRET: text.min(32, "must have 32 characters or more"),
  AUTH_KEYCLOAK_ISSUER: text
    .regex(/^https?:\/\/.+\/realms\/[^/]+$/, "must be the address of a realm, such as https://keycloak.example.org/realms/my-realm"),
  AUTH_KEYCLOAK_ID: text.min(1, "is empty"),
  AUTH_KEYCLOAK_SECRET: text.min(1, "is empty"),
});

/** Returns the settings, or throws an error that names each one that is missing or wrong. */
export function settings() {
  const parsed = Settings.safeParse(process.env);
  if (!parsed.success) {
    throw new Error(`The environment is incomplete, see .env.example:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
