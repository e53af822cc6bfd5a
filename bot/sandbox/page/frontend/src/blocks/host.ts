import { createContext, useContext } from "react";
import type { Value, Values } from "../lib/form";

export interface Used {
  value?: string | undefined;
  selected?: string | undefined;
}

/** Where blocks stand: a message or a view. It sends what is done with their elements, and keeps what is typed. */
export interface BlockHost {
  use: (actionId: string, used: Used) => Promise<void>;
  values: Values;
  change: (actionId: string, value: Value) => void;
  errors: Record<string, string>;
}

export const HostContext = createContext<BlockHost | null>(null);

export function useHost(): BlockHost {
  const host = useContext(HostContext);
  if (!host) throw new Error("blocks need a host");
  return host;
}
