"use client";

import { useQuery } from "@tanstack/react-query";
import { CreateKey } from "./create-key";
import { codeOf, useTRPC } from "./trpc";

type Action = () => Promise<void>;

/** Shows who is signed in, and asks again every few seconds, so that the page ends with the session. */
export function Dashboard({ logIn, logOut }: { logIn: Action; logOut: Action }) {
  const trpc = useTRPC();
  const { data: user, error, isPending } = useQuery(trpc.me.queryOptions(undefined, { refetchInterval: 10_000 }));

  if (isPending) return <main aria-busy="true" />;
  if (codeOf(error) === "UNAUTHORIZED") return <SignIn logIn={logIn} />;
  if (error) {
    return (
      <main>
        <h1>Dashboard</h1>
        <p role="alert">Keycloak cannot be reached. The dashboard tries again by itself.</p>
      </main>
    );
  }
  return (
    <main>
      <header>
        <h1>Dashboard</h1>
        <form action={logOut}>
          <button>Sign out</button>
        </form>
      </header>
      <section>
        <h2>You</h2>
        <dl>
          <dt>Signed in as</dt>
          <dd id="user">{user.name}</dd>
          <dt>With</dt>
          <dd id="key">{user.apiKey ? `API key “${user.apiKey.name}”` : "another way than an API key"}</dd>
          <dt>Tier</dt>
          <dd id="tier">{user.apiKey?.tier ?? "none"}</dd>
        </dl>
      </section>
      {user.roles.includes("dashboard-admin") && <CreateKey />}
    </main>
  );
}

function SignIn({ logIn }: { logIn: Action }) {
  return (
    <main className="sign-in">
      <h1>Dashboard</h1>
      <p>Sign in with your API key. There is no password.</p>
      <form action={logIn}>
        <button className="primary">Sign in</button>
      </form>
    </main>
  );
}
