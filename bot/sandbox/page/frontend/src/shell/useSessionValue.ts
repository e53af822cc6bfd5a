import { useCallback, useMemo } from "react";
import { pullNumber, safeHref } from "../lib/links";
import type { Session } from "../lib/session";
import type { Pane } from "./BottomTabs";
import type { CockpitProps } from "./Cockpit";
import { useAct } from "./useAct";

interface Means {
  confirm: Session["confirm"];
  say: Session["say"];
  show: (pane: Pane) => void;
  choose: (number: number, repo: string) => void;
}

/** What the parts of the page share. */
export function useSessionValue(
  { state, live, viewer, setThread }: CockpitProps,
  { confirm, say, show, choose }: Means,
): Session {
  const act = useAct(say, live.reload);
  const users = useMemo(() => new Map(state.users.map((user) => [user.id, user])), [state.users]);
  const openPull = useCallback(
    (number: number) => (choose(number, state.repo), show("pull")),
    [choose, show, state.repo],
  );
  const openThread = useCallback((ts: string) => (setThread(ts), show("thread")), [setThread, show]);
  const openLink = useCallback(
    (href: string) => {
      const number = pullNumber(href, state.repo);
      if (number !== null) openPull(number);
      else if (safeHref(href)) window.open(href, "_blank", "noopener,noreferrer");
    },
    [state.repo, openPull],
  );
  return useMemo(
    () => ({ state, viewer, users, act, confirm, say, openLink, openPull, openThread }),
    [state, viewer, users, act, confirm, say, openLink, openPull, openThread],
  );
}
