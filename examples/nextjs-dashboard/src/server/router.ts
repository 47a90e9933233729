import { TRPCError } from "@trpc/server";
import { createKey, NewKey, Refused } from "./keys";
import { adminProcedure, protectedProcedure, router } from "./trpc";

export const appRouter = router({
  me: protectedProcedure.query(({ ctx }) => ctx.user),
  keys: router({
    create: adminProcedure.input(NewKey).mutation(async ({ input }) => {
      try {
        return await createKey(input);
      } catch (error) {
        if (error instanceof Refused) throw new TRPCError({ code: "BAD_REQUEST", message: error.message });
        console.error("A key could not be created:", error instanceof Error ? error.message : error);
        throw new TRPCError({ code: "SERVICE_UNAVAILABLE" });
      }
    }),
  }),
});

export type AppRouter = typeof appRouter;
