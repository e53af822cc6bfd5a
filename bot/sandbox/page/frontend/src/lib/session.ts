import { createContext, useContext } from "react";
import type { Confirm, Delivered, State, User } from "../types";

export interface Session {
  state: State;
  viewer: string;
  users: Map<string, User>;
  /** Does something as the viewer. Null where it failed, which was then said in a toast. */
  act: (name: string, body: object) => Promise<Delivered | null>;
  confirm: (question: Confirm) => Promise<boolean>;
  say: (sentence: string | null) => void;
  openLink: (href: string) => void;
  openPull: (number: number) => void;
  openThread: (ts: string) => void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no session around this component");
  return session;
}
