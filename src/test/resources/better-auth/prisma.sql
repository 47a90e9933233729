-- The tables of better-auth as Prisma makes them: JSON as jsonb, times without a zone, in UTC.
create schema prisma;
create table prisma."user" as select * from public."user";
create table prisma.apikey as
  select id, name, start, prefix, key, "referenceId", "configId", "refillInterval", "refillAmount", enabled, "rateLimitEnabled",
    "rateLimitTimeWindow", "rateLimitMax", "requestCount", remaining,
    (("expiresAt"::timestamptz) at time zone 'UTC')::timestamp(3) as "expiresAt",
    nullif(metadata, '')::jsonb as metadata,
    nullif(permissions, '')::jsonb as permissions
  from public.apikey;
