import { useSession } from "../lib/session";
import { ChannelList } from "./ChannelList";
import { MemberSwitch } from "./MemberSwitch";
import { PersonaSwitch } from "./PersonaSwitch";

interface Props {
  setViewer: (user: string) => void;
  setChannel: (id: string) => void;
  showHints: (() => void) | null;
}

export function Sidebar({ setViewer, setChannel, showHints }: Props) {
  const { state, viewer } = useSession();
  return (
    <nav className="sidebar" aria-label="Workspace">
      <p className="brand">
        <img src="/page/static/icon.svg" width="24" height="24" alt="" /> SlackOps <span>sandbox</span>
      </p>
      <PersonaSwitch personas={state.personas} viewer={viewer} choose={setViewer} />
      <MemberSwitch />
      <ChannelList channels={state.channels} chosen={state.channel} choose={setChannel} />
      {showHints && (
        <button type="button" className="link show-hints" data-testid="show-hints" onClick={showHints}>
          Show the first steps
        </button>
      )}
    </nav>
  );
}
