import { useSession } from "../lib/session";
import type { Channel } from "../types";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";

interface Props {
  draft: string;
  setDraft: (text: string) => void;
}

export function ChannelPane({ draft, setDraft }: Props) {
  const { state } = useSession();
  const channel = state.channels.find((one) => one.id === state.channel);
  if (!channel) return <p className="empty">This person is in no channel.</p>;
  const name = channel.is_im ? "SlackOps" : `#${channel.name}`;
  return (
    <section
      className="channel"
      aria-label={`Channel ${name}`}
      data-testid="channel"
      data-channel={channel.id}
      data-viewer={state.viewer}
    >
      <header className="pane-head">
        <h1>{name}</h1>
        <p className="muted">{about(channel)}</p>
      </header>
      {state.messages.length === 0 ? (
        <Quiet name={name} />
      ) : (
        <MessageList messages={state.messages} where={channel.id} />
      )}
      <Composer placeholder={`Message ${name}`} draft={draft} setDraft={setDraft} />
    </section>
  );
}

function Quiet({ name }: { name: string }) {
  return (
    <div className="messages empty">
      <p>
        Nothing in {name} yet. Type <kbd>/</kbd> to see the commands.
      </p>
    </div>
  );
}

function about(channel: Channel): string {
  const topic = typeof channel.topic === "string" ? channel.topic : channel.topic?.value;
  const members = channel.num_members ?? channel.members?.length;
  return [members === undefined ? "" : `${members} members`, topic].filter(Boolean).join(" · ");
}
