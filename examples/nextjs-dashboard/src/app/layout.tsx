import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Trpc } from "./trpc";
import "./globals.css";

export const metadata: Metadata = { title: "Dashboard" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Trpc>{children}</Trpc>
      </body>
    </html>
  );
}
