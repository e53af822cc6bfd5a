import { useState } from "react";
import { SessionContext } from "../lib/session";
import type { Live } from "../lib/useLive";
import { useStored } from "../lib/useStored";
import { SidePane } from "../side/SidePane";
import { ChannelPane } from "../slack/ChannelPane";
import { Modal } from "../slack/Modal";
import type { State } from "../types";
import { BottomTabs } from "./BottomTabs";
import { ConfirmDialog } from "./ConfirmDialog";
import { Hints } from "./Hints";
import { Sidebar } from "./Sidebar";
import type { Step } from "./story";
import { Toast } from "./Toast";
import { useConfirm } from "./useConfirm";
import { useLinks } from "./useLinks";
import { usePanes } from "./usePanes";
import { usePullChoice } from "./usePullChoice";
import { useSessionValue } from "./useSessionValue";

export interface CockpitProps {
  live: Live;
  state: State;
  viewer: string;
  setViewer: (user: string) => void;
  setChannel: (id: string) => void;
  thread: string | null;
  setThread: (ts: string | null) => void;
}

export function Cockpit(props: CockpitProps) {
  const { live, state, viewer, setViewer, setChannel, thread, setThread } = props;
  const [draft, setDraft] = useState("");
  const [toast, say] = useState<string | null>(null);
  const [hidden, setHidden] = useStored("hints-hidden", "", "local");
  const panes = usePanes(state.pulls.length > 0);
  const pull = usePullChoice(state);
  const { asked, confirm } = useConfirm();
  const session = useSessionValue(props, { confirm, say, show: panes.show, choose: pull.choose });
  const onLink = useLinks(state.repo, session.openPull);
  const closeThread = () => {
    setThread(null);
    panes.show("pull");
  };
  const enter = (id: string) => {
    if (id !== state.channel) setThread(null);
    if (id !== state.channel && panes.tab === "thread") panes.show("pull");
    setChannel(id);
    panes.show("chat");
  };
  const take = (step: Step) => {
    setViewer(step.viewer);
    enter(step.channel);
    setDraft(step.command ?? "");
    document.getElementById("message-box")?.focus();
  };
  const view = state.viewer === viewer ? state.views.at(-1) : undefined;
  return (
    <SessionContext value={session}>
      <div
        className={`cockpit ${panes.chat ? "show-chat" : "show-side"}`}
        data-testid="cockpit"
        data-live={live.online}
        data-viewer={state.viewer}
        onClick={onLink}
      >
        <Sidebar setViewer={setViewer} setChannel={enter} showHints={hidden ? () => setHidden("") : null} />
        <main>
          {!hidden && <Hints seen={panes.seen} dismiss={() => setHidden("yes")} take={take} />}
          {!live.online && (
            <p className="offline" role="status">
              The sandbox does not answer. Trying again…
            </p>
          )}
          <ChannelPane draft={draft} setDraft={setDraft} />
        </main>
        <SidePane
          tab={panes.tab}
          setTab={panes.setTab}
          thread={thread}
          closeThread={closeThread}
          pull={pull.number}
          version={live.forge}
        />
        <BottomTabs pane={panes.chat ? "chat" : panes.tab} show={panes.show} thread={thread !== null} />
        {view && <Modal key={view.id} view={view} depth={state.views.length} />}
        {asked && <ConfirmDialog question={asked.question} answer={asked.answer} />}
        <Toast sentence={toast} close={() => say(null)} />
      </div>
    </SessionContext>
  );
}
