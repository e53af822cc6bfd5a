import { useCallback } from "react";
import { send } from "../lib/api";
import type { Delivered } from "../types";
import { faultOf } from "./faults";

/** Does something as the viewer, and says in a toast what went wrong. What fails in commands and forms the workspace shows itself. */
export function useAct(say: (sentence: string | null) => void, reload: () => void) {
  return useCallback(
    async (name: string, body: object): Promise<Delivered | null> => {
      try {
        const delivered = await send(name, body);
        say(name === "click" ? faultOf(delivered) : null);
        return delivered;
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
        return null;
      } finally {
        reload();
      }
    },
    [say, reload],
  );
}
