import { signIn, signOut } from "@/auth";
import { Dashboard } from "./dashboard";

async function logIn() {
  "use server";
  await signIn("keycloak", { redirectTo: "/" });
}

async function logOut() {
  "use server";
  await signOut({ redirectTo: "/" });
}

export default function Page() {
  return <Dashboard logIn={logIn} logOut={logOut} />;
}
