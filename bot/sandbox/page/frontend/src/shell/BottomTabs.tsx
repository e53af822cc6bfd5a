import { useSession } from "../lib/session";
import type { Tab } from "../side/SidePane";

export type Pane = "chat" | Tab;

interface Props {
  pane: Pane;
  show: (pane: Pane) => void;
  thread: boolean;
}

const NAMES: Record<Pane, string> = {
  chat: "Channel",
  pull: "Pull request",
  cluster: "Cluster",
  training: "Training",
  monitor: "Monitor",
  thread: "Thread",
};

/** On a narrow screen the panes are tabs. */
export function BottomTabs({ pane, show, thread }: Props) {
  const { state } = useSession();
  const panes: Pane[] = thread ? ["chat", "thread", "pull", "cluster"] : ["chat", "pull", "cluster"];
  if (state.ci) panes.push("training");
  if (state.monitor.length) panes.push("monitor");
  return (
    <nav className="bottom-tabs" aria-label="Panes">
      {panes.map((one) => (
        <button
          key={one}
          type="button"
          aria-current={one === pane ? "page" : undefined}
          data-testid={`pane-${one}`}
          onClick={() => show(one)}
        >
          {NAMES[one]}
        </button>
      ))}
    </nav>
  );
}
