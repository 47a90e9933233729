import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { auth } from "@/auth";
import { appRouter } from "@/server/router";

/** Auth.js reads the session around it, because only then does it also store a session that it has renewed. */
const handler = auth((request) =>
  fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: () => ({ apiKey: request.headers.get("x-api-key"), session: request.auth }),
    responseMeta: () => ({ headers: new Headers({ "Cache-Control": "no-store" }) }),
  }),
);

export { handler as GET, handler as POST };
