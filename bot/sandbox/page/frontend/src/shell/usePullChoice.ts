import { useCallback, useEffect, useState } from "react";
import { pullNumber } from "../lib/links";
import type { State } from "../types";

/** Which pull request is shown: the chosen one, at first that of the address; a newer one comes forward by itself. */
export function usePullChoice(state: State | null) {
  const [chosen, setChosen] = useState<number | null>(() => linked(location.pathname));
  const newest = state?.pulls[0]?.number ?? null;
  const [known, setKnown] = useState<number | null>(null);
  useEffect(() => {
    if (newest === null || newest === known) return;
    if (known !== null) setChosen(newest);
    setKnown(newest);
  }, [newest, known]);
  const choose = useCallback((number: number, repo: string) => {
    history.replaceState(null, "", `/${repo}/pull/${number}`);
    setChosen(number);
  }, []);
  return { number: chosen ?? newest, choose };
}

function linked(path: string): number | null {
  const repo = path.split("/").slice(1, 3).join("/");
  return pullNumber(path, repo);
}
