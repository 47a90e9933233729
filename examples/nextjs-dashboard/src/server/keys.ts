import { clientCredentialsGrant, fetchProtectedResource } from "openid-client";
import { z } from "zod";
import { keycloak } from "./keycloak";
import { settings } from "./settings";

const YEAR = 365 * 24 * 60 * 60;
const WEEK = 7 * 24 * 60 * 60;

export const NewKey = z.object({
  username: z.string().trim().min(1).max(100),
  name: z.string().trim().min(1).max(100),
  tier: z.enum(["free", "pro", "enterprise"]),
});

const CreatedKey = z.object({
  id: z.string(),
  name: z.string(),
  username: z.string(),
  expiresAt: z.iso.datetime(),
  key: z.string(),
});

/** Keycloak refuses to create a key, and says why. */
export class Refused extends Error {}

/** Creates a user and a key for them: both or neither. The response is the only one that contains the key. */
export async function createKey({ username, name, tier }: z.infer<typeof NewKey>) {
  const client = await keycloak();
  const { access_token } = await clientCredentialsGrant(client);
  const response = await fetchProtectedResource(
    client,
    access_token,
    new URL(`${settings().AUTH_KEYCLOAK_ISSUER.replace(/\/realms\/([^/]+)$/, "/admin/realms/$1")}/api-keys`),
    "POST",
    JSON.stringify({
      user: { username },
      name,
      metadata: { tier },
      expiresIn: YEAR,
      limits: { quota: { remaining: 100, refillAmount: 100, refillIntervalSeconds: WEEK } },
    }),
    new Headers({ "Content-Type": "application/json" }),
  );
  if (response.status === 400 || response.status === 409) {
    throw new Refused(z.object({ errorMessage: z.string() }).parse(await response.json()).errorMessage);
  }
  if (response.status !== 201) {
    throw new Error(`Keycloak answered ${response.status} to a request for a new key.`);
  }
  return CreatedKey.parse(await response.json());
}
