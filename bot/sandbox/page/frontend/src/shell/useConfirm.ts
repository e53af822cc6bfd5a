import { useCallback, useState } from "react";
import type { Confirm } from "../types";

interface Asked {
  question: Confirm;
  answer: (yes: boolean) => void;
}

/** A confirm dialog as a promise. */
export function useConfirm() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const confirm = useCallback(
    (question: Confirm) =>
      new Promise<boolean>((resolve) => {
        const answer = (yes: boolean) => (setAsked(null), resolve(yes));
        setAsked({ question, answer });
      }),
    [],
  );
  return { asked, confirm };
}
