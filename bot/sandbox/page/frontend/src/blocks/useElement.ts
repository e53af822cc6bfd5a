import { useState } from "react";
import { useSession } from "../lib/session";
import type { Element } from "../types";
import { useHost, type Used } from "./host";

/** Sends what is done with an element, after its confirm dialog; `pending` until the app has answered. */
export function useElement(element: Element) {
  const { use } = useHost();
  const { confirm } = useSession();
  const [pending, setPending] = useState(false);
  const fire = async (used: Used): Promise<boolean> => {
    if (!element.action_id || (element.confirm && !(await confirm(element.confirm)))) return false;
    setPending(true);
    await use(element.action_id, used).finally(() => setPending(false));
    return true;
  };
  return { pending, fire };
}

export const textOf = (text: Element["text"]): string => (typeof text === "string" ? text : (text?.text ?? ""));
