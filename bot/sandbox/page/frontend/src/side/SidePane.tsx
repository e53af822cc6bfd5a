import { useRef } from "react";
import { Shield } from "../lib/Shield";
import { useSession } from "../lib/session";
import { MonitorTab } from "../monitor/MonitorTab";
import { ThreadPanel } from "../slack/ThreadPanel";
import { TrainingTab } from "../training/TrainingTab";
import { ClusterTab } from "./ClusterTab";
import { PullTab } from "./PullTab";

export type Tab = "pull" | "cluster" | "training" | "monitor" | "thread";

interface Props {
  tab: Tab;
  setTab: (tab: Tab) => void;
  thread: string | null;
  closeThread: () => void;
  pull: number | null;
  version: number;
}

const NAMES: Record<Tab, string> = {
  pull: "Pull request",
  cluster: "Cluster",
  training: "Training",
  monitor: "Monitor",
  thread: "Thread",
};

export function SidePane({ tab, setTab, thread, closeThread, pull, version }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { state } = useSession();
  const tabs: Tab[] = ["pull", "cluster", ...(state.ci ? (["training"] as const) : [])];
  if (state.monitor.length) tabs.push("monitor");
  if (thread) tabs.push("thread");
  const move = (event: React.KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = by && tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    if (!next) return;
    setTab(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <aside className="side" aria-label="Pull request and cluster">
      <div className="tabs">
        <div ref={list} role="tablist" aria-label="Details" onKeyDown={move}>
          {tabs.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`tab-${one}`}
              aria-selected={one === tab}
              aria-controls="side-panel"
              tabIndex={one === tab ? 0 : -1}
              data-testid={`tab-${one}`}
              onClick={() => setTab(one)}
            >
              {NAMES[one]}
            </button>
          ))}
        </div>
        {thread && (
          <button
            type="button"
            className="icon-button"
            aria-label="Close thread"
            data-testid="thread-close"
            onClick={closeThread}
          >
            ✕
          </button>
        )}
      </div>
      <div
        id="side-panel"
        className={`side-panel ${tab}`}
        role="tabpanel"
        aria-labelledby={`tab-${tab}`}
        tabIndex={tab === "thread" ? -1 : 0}
      >
        {tab === "pull" && (
          <Shield of={`${pull} ${version}`} instead={<p className="empty">This pull request cannot be shown.</p>}>
            <PullTab number={pull} version={version} />
          </Shield>
        )}
        {tab === "cluster" && <ClusterTab />}
        {tab === "training" && <TrainingTab />}
        {tab === "monitor" && <MonitorTab />}
        {tab === "thread" && thread && <ThreadPanel key={thread} ts={thread} />}
      </div>
    </aside>
  );
}
