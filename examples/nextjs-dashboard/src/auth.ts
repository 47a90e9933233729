import NextAuth from "next-auth";
import type { JWT } from "next-auth/jwt";
import Keycloak from "next-auth/providers/keycloak";
import { refreshTokenGrant, ResponseBodyError } from "openid-client";
import { endSession, keycloak } from "@/server/keycloak";
import { userOf, type User } from "@/server/user";

declare module "next-auth" {
  interface Session {
    /** Absent while Keycloak cannot be asked whether the session is still valid. */
    user?: User;
  }
}

declare module "next-auth/jwt" {
  /** The session cookie, encrypted by Auth.js. Its tokens never reach the browser's scripts. */
  interface JWT {
    user: User;
    accessToken: string;
    refreshToken: string;
    /** When the access token expires, in seconds. */
    expiresAt: number;
  }
}

export const { auth, handlers, signIn, signOut } = NextAuth({
  providers: [Keycloak],
  session: { strategy: "jwt" },
  callbacks: {
    jwt: ({ token, account, profile }) => {
      if (account) {
        return {
          user: userOf(profile),
          accessToken: account.access_token!,
          refreshToken: account.refresh_token!,
          expiresAt: account.expires_at!,
        };
      }
      return isCurrent(token) ? token : refresh(token);
    },
    session: ({ session, token }) => ({
      expires: session.expires,
      user: isCurrent(token) ? token.user : undefined,
    }),
  },
  events: {
    signOut: async (message) => {
      if ("token" in message && message.token) await endSession(message.token.refreshToken);
    },
  },
});

function isCurrent(token: JWT) {
  return Date.now() < token.expiresAt * 1000;
}

/** Renews the tokens. Null ends the session: its key has been revoked or has expired, or somebody has ended it at Keycloak. */
async function refresh(token: JWT): Promise<JWT | null> {
  try {
    const tokens = await refreshTokenGrant(await keycloak(), token.refreshToken);
    return {
      user: userOf(tokens.claims()),
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? token.refreshToken,
      expiresAt: Math.floor(Date.now() / 1000) + (tokens.expiresIn() ?? 0),
    };
  } catch (error) {
    if (error instanceof ResponseBodyError && error.error === "invalid_grant") return null;
    console.error("The session could not be renewed:", error instanceof Error ? error.message : error);
    return token;
  }
}
