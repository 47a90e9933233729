import { z } from "zod";

/** Who is signed in, or whose key came with a request. */
export type User = {
  id: string;
  name: string;
  roles: string[];
  /** Absent if the user signed in with something else. */
  apiKey?: { id: string; name: string; tier?: string };
};

/** An ID token and the response of an introspection say it in the same way, except for the user's name. */
const Claims = z.object({
  sub: z.string(),
  username: z.string().optional(),
  preferred_username: z.string().optional(),
  realm_access: z.object({ roles: z.array(z.string()) }).optional(),
  api_key: z
    .object({
      id: z.string(),
      name: z.string(),
      metadata: z.object({ tier: z.string().optional().catch(undefined) }).optional(),
    })
    .optional(),
});

/** Returns the user whom these claims describe; throws if they describe none. */
export function userOf(claims: unknown): User {
  const { sub, username, preferred_username, realm_access, api_key } = Claims.parse(claims);
  return {
    id: sub,
    name: username ?? preferred_username ?? sub,
    roles: realm_access?.roles ?? [],
    apiKey: api_key && { id: api_key.id, name: api_key.name, tier: api_key.metadata?.tier },
  };
}
