-- The tables of better-auth as Drizzle makes them: snake case, and the owner in user_id.
create schema drizzle;
create table drizzle."user" as select * from public."user";
create table drizzle.apikey as
  select id, name, start, prefix, key, "referenceId" as user_id, "refillInterval" as refill_interval, "refillAmount" as refill_amount,
    enabled, "rateLimitEnabled" as rate_limit_enabled, "rateLimitTimeWindow" as rate_limit_time_window, "rateLimitMax" as rate_limit_max,
    "requestCount" as request_count, remaining, ("expiresAt"::timestamptz at time zone 'UTC')::timestamp as expires_at, metadata, permissions
  from public.apikey;
