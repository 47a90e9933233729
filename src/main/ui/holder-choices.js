import { orElse } from "./admin-client.js";

/** Returns the page's choices with the roles that a holder has, as far as the administrator may see them. */
export async function choicesFor({ client, choices }, userId) {
  const { realmRoles, clientRoles } = await orElse(client.rolesOf(userId), { realmRoles: [], clientRoles: {} });
  return { ...choices, restrictions: { ...choices.restrictions, realmRoles, clientRoles } };
}
