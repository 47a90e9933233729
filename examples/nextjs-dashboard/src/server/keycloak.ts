import * as oauth from "openid-client";
import { settings } from "./settings";

/** How many seconds Keycloak may take to answer. */
const TIMEOUT = 5;

let client: Promise<oauth.Configuration> | undefined;

/** Returns this app's client in Keycloak; the first call that reaches Keycloak reads where its endpoints are. */
export function keycloak(): Promise<oauth.Configuration> {
  client ??= discover().catch((error) => {
    client = undefined;
    throw error;
  });
  return client;
}

function discover() {
  const { AUTH_KEYCLOAK_ISSUER, AUTH_KEYCLOAK_ID, AUTH_KEYCLOAK_SECRET } = settings();
  const issuer = new URL(AUTH_KEYCLOAK_ISSUER);
  return oauth.discovery(issuer, AUTH_KEYCLOAK_ID, AUTH_KEYCLOAK_SECRET, undefined, {
    execute: issuer.protocol === "http:" ? [oauth.allowInsecureRequests] : [],
    timeout: TIMEOUT,
  });
}

/** Ends a session at Keycloak, so that the next sign-in asks for a key again. */
export async function endSession(refreshToken: string) {
  const { AUTH_KEYCLOAK_ISSUER, AUTH_KEYCLOAK_ID, AUTH_KEYCLOAK_SECRET } = settings();
  await fetch(`${AUTH_KEYCLOAK_ISSUER}/protocol/openid-connect/logout`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: AUTH_KEYCLOAK_ID,
      client_secret: AUTH_KEYCLOAK_SECRET,
      refresh_token: refreshToken,
    }),
    signal: AbortSignal.timeout(TIMEOUT * 1000),
  });
}
