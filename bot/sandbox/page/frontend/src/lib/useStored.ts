import { useCallback, useState } from "react";

/** State that outlives a reload of this tab (`session`) or of the browser (`local`). */
export function useStored(key: string, first: string, kind: "session" | "local" = "session") {
  const store = kind === "session" ? sessionStorage : localStorage;
  const [value, setValue] = useState(() => store.getItem(key) ?? first);
  const keep = useCallback(
    (next: string) => {
      store.setItem(key, next);
      setValue(next);
    },
    [key, store],
  );
  return [value, keep] as const;
}
