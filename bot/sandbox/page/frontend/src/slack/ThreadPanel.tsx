import { useState } from "react";
import { useSession } from "../lib/session";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";

export function ThreadPanel({ ts }: { ts: string }) {
  const { state } = useSession();
  const [draft, setDraft] = useState("");
  if (state.thread?.ts !== ts) return <p className="empty">The thread is not in this channel.</p>;
  return (
    <section className="thread" aria-label="Thread" data-testid="thread-panel" data-ts={ts}>
      <MessageList messages={state.thread.messages} where={ts} inThread />
      <Composer placeholder="Reply…" draft={draft} setDraft={setDraft} thread={ts} />
    </section>
  );
}
