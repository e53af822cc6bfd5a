import { useCallback, useEffect, useState } from "react";
import type { Tab } from "../side/SidePane";
import type { Pane } from "./BottomTabs";

export const NARROW = "(max-width: 860px)";

/** Which pane a narrow screen shows, which tab is open, and whether a pull request was ever in sight. */
export function usePanes(hasPull: boolean) {
  const [tab, setTab] = useState<Tab>("pull");
  const [chat, setChat] = useState(() => !location.pathname.includes("/pull/"));
  const [seen, setSeen] = useState(false);
  const show = useCallback((pane: Pane) => {
    setChat(pane === "chat");
    if (pane !== "chat") setTab(pane);
  }, []);
  useEffect(() => {
    if (hasPull && tab === "pull" && !(chat && matchMedia(NARROW).matches)) setSeen(true);
  }, [hasPull, tab, chat]);
  return { tab, setTab, chat, show, seen };
}
