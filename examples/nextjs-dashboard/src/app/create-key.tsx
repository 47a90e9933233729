"use client";

import { useMutation } from "@tanstack/react-query";
import { codeOf, useTRPC } from "./trpc";

/** Creates a user with a key, which it shows once. */
export function CreateKey() {
  const trpc = useTRPC();
  const { mutate, data: created, error, isPending, reset } = useMutation(trpc.keys.create.mutationOptions({ gcTime: 0 }));

  if (created) {
    return (
      <section>
        <h2>Key of {created.username}</h2>
        <p>Copy the key now. It is not shown again.</p>
        <output id="new-key">{created.key}</output>
        <p>
          100 uses a week, until{" "}
          {new Date(created.expiresAt).toLocaleDateString("en", { dateStyle: "long" })}.
        </p>
        <div className="actions">
          <button className="primary" onClick={() => navigator.clipboard.writeText(created.key)}>
            Copy
          </button>
          <button onClick={() => reset()}>Done</button>
        </div>
      </section>
    );
  }
  return (
    <section>
      <h2>Create a key</h2>
      <p>For a new user, with 100 uses a week, for one year.</p>
      <form
        className="fields"
        action={(form) =>
          mutate({
            username: String(form.get("username")),
            name: String(form.get("name")),
            tier: form.get("tier") as "free" | "pro" | "enterprise",
          })
        }
      >
        <label>
          User
          <input name="username" required maxLength={100} autoComplete="off" />
        </label>
        <label>
          Name of the key
          <input name="name" required maxLength={100} autoComplete="off" />
        </label>
        <label>
          Tier
          <select name="tier">
            <option value="free">Free</option>
            <option value="pro">Pro</option>
            <option value="enterprise">Enterprise</option>
          </select>
        </label>
        {error && (
          <p role="alert">{codeOf(error) === "BAD_REQUEST" ? error.message : "The key could not be created."}</p>
        )}
        <div className="actions">
          <button className="primary" disabled={isPending}>
            Create key
          </button>
        </div>
      </form>
    </section>
  );
}
