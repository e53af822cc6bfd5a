import { useCallback, useState } from "react";
import { useSession } from "../lib/session";

/** Does something outside the bot, one thing at a time. */
export function useBusy() {
  const { act, viewer } = useSession();
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    async (name: string, body: object) => {
      setBusy(true);
      await act(name, { viewer, ...body });
      setBusy(false);
    },
    [act, viewer],
  );
  return { busy, run };
}
