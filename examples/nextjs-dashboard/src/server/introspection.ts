import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { tokenIntrospection } from "openid-client";
import { keycloak } from "./keycloak";
import { userOf, type User } from "./user";

/** How long an accepted key stays accepted without asking: the longest time until a revocation takes effect. */
const ACCEPTED_MILLIS = 10_000;

/** Users by the SHA-256 of their key. A refusal is never stored, and requests that come together ask once. */
const users = new LRUCache<string, User, string>({
  max: 10_000,
  ttl: ACCEPTED_MILLIS,
  ttlResolution: 0,
  fetchMethod: async (_hash, _stale, { context: key, options }) => {
    const asked = Date.now();
    const answer = await tokenIntrospection(await keycloak(), key);
    // Keycloak would accept an access token, too, which may have been issued to another app.
    if (!answer.active || answer.token_type !== "api_key") return undefined;
    const end = Math.min(asked + ACCEPTED_MILLIS, (answer.exp ?? Infinity) * 1000);
    // Zero would be for ever.
    options.ttl = Math.max(1, end - Date.now());
    return userOf(answer);
  },
});

/** Returns whose key this is, or undefined if Keycloak refuses it; throws if Keycloak does not answer. */
export async function userOfKey(key: string): Promise<User | undefined> {
  if (key === "") return undefined;
  return users.fetch(createHash("sha256").update(key).digest("hex"), { context: key });
}
