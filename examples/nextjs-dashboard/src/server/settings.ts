import { z } from "zod";

/** The environment variables of `.env.example`, by the names that Auth.js gives them. */
const Settings = z.object({
  AUTH_URL: z.url(),
  AUTH_SECRET: z.string().min(32),
  AUTH_KEYCLOAK_ISSUER: z.url({ error: "must be the address of a realm, such as https://keycloak.example.org/realms/my-realm" })
    .regex(/\/realms\/[^/]+$/, "must be the address of a realm, without a slash at the end"),
  AUTH_KEYCLOAK_ID: z.string().min(1),
  AUTH_KEYCLOAK_SECRET: z.string().min(1),
});

/** Returns the settings, or throws an error that names each one that is missing or wrong. */
export function settings() {
  const parsed = Settings.safeParse(process.env);
  if (!parsed.success) {
    throw new Error(`The environment is incomplete, see .env.example:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
