// Serves what better-auth does for a request: it verifies an API key, and looks up a session. Prints whose, once it listens.
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { fromNodeHeaders } from "better-auth/node";
import { createServer } from "node:http";
import pg from "pg";

const auth = betterAuth({
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
  secret: "a secret of at least thirty-two characters",
  baseURL: "http://127.0.0.1",
  emailAndPassword: { enabled: true },
  plugins: [apiKey()],
});
await (await getMigrations(auth.options)).runMigrations();
const { headers, response } = await auth.api.signUpEmail({
  body: { email: "alice@example.org", password: "a long password", name: "Alice" },
  returnHeaders: true,
});
const make = async (settings) => (await auth.api.createApiKey({ body: { userId: response.user.id, ...settings } })).key;

const paths = {
  "/verify": async (request) => (await auth.api.verifyApiKey({ body: { key: request.headers["x-api-key"] } })).valid,
  "/session": async (request) => (await auth.api.getSession({ headers: fromNodeHeaders(request.headers) })) !== null,
};
const server = createServer(async (request, answer) => {
  const allowed = await paths[request.url](request);
  answer.writeHead(allowed ? 200 : 401, { "Content-Length": 0 }).end();
});
const made = {
  key: await make({ name: "plain", rateLimitEnabled: false }),
  limited: await make({ name: "limited", rateLimitEnabled: true, rateLimitMax: 1_000_000_000, rateLimitTimeWindow: 86_400_000 }),
  cookie: headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; "),
};
server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("READY " + JSON.stringify(made)));
