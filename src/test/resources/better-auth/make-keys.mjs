// Makes a better-auth with the real packages, in the database that DATABASE_URL names, and prints the keys that it hands out.
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const auth = betterAuth({
  database: pool,
  secret: "a secret of at least thirty-two characters",
  baseURL: "http://127.0.0.1",
  emailAndPassword: { enabled: true },
  plugins: [apiKey({ enableMetadata: true, defaultPrefix: "mb_" })],
});
await (await getMigrations(auth.options)).runMigrations();
const { user } = await auth.api.signUpEmail({
  body: { email: "alice@example.org", password: "a long password", name: "Alice" },
});
const make = async (settings) => (await auth.api.createApiKey({ body: { userId: user.id, ...settings } })).key;
const keys = {
  limited: await make({
    name: "laptop",
    expiresIn: 30 * 86400,
    metadata: { plan: "pro" },
    permissions: { files: ["read"] },
    remaining: 2,
    rateLimitMax: 100,
    rateLimitTimeWindow: 60000,
  }),
  refilled: await make({ name: "robot", remaining: 1, refillAmount: 5, refillInterval: 86400000, rateLimitEnabled: false }),
  nameless: await make({}),
  twin: await make({ name: "LAPTOP", rateLimitEnabled: false }),
};
const disabled = await auth.api.createApiKey({ body: { userId: user.id, name: "off" } });
await pool.query('update apikey set enabled = false where id = $1', [disabled.id]);
keys.disabled = disabled.key;
const ofOrganization = await auth.api.createApiKey({ body: { userId: user.id, name: "deployment" } });
await pool.query(`update apikey set "referenceId" = 'an organization' where id = $1`, [ofOrganization.id]);
keys.ofOrganization = ofOrganization.key;
const unhashed = await auth.api.createApiKey({ body: { userId: user.id, name: "plain" } });
await pool.query('update apikey set key = $2 where id = $1', [unhashed.id, unhashed.key]);
keys.unhashed = unhashed.key;
const expired = await auth.api.createApiKey({ body: { userId: user.id, name: "old", expiresIn: 86400 } });
await pool.query(`update apikey set "expiresAt" = now() - interval '1 minute' where id = $1`, [expired.id]);
console.log("KEYS " + JSON.stringify(keys));
await pool.end();
