import { initTRPC, TRPCError } from "@trpc/server";
import type { Session } from "next-auth";
import { userOfKey } from "./introspection";

/** The role that may create keys, and users with them. */
const ADMIN = "dashboard-admin";

/** What a request brings along: a key, a session, or neither. */
export type Context = { apiKey: string | null; session: Session | null };

const t = initTRPC.context<Context>().create();

export const router = t.router;

/** A procedure for users who are signed in, or whose key is in the header `x-api-key`. They are `ctx.user`. */
export const protectedProcedure = t.procedure.use(async ({ ctx, next }) =>
  next({ ctx: { user: await authenticate(ctx) } }),
);

/** A procedure for users with the role `dashboard-admin`. */
export const adminProcedure = protectedProcedure.use(({ ctx, next }) => {
  if (!ctx.user.roles.includes(ADMIN)) throw new TRPCError({ code: "FORBIDDEN" });
  return next();
});

/** A key alone decides about a request that has one: a wrong key is refused whoever is signed in. */
async function authenticate({ apiKey, session }: Context) {
  if (apiKey === null && session && !session.user) throw new TRPCError({ code: "SERVICE_UNAVAILABLE" });
  const user = apiKey === null ? session?.user : await userOfKey(apiKey).catch(unavailable);
  if (!user) throw new TRPCError({ code: "UNAUTHORIZED" });
  return user;
}

function unavailable(error: Error): never {
  console.error("A key could not be introspected:", error.message);
  throw new TRPCError({ code: "SERVICE_UNAVAILABLE" });
}
