import { useSession } from "../lib/session";
import { Shield } from "../lib/Shield";
import { clockTime, dateOf, fullTime } from "../lib/time";
import type { Message } from "../types";
import { Avatar } from "./Avatar";
import { authorOf } from "./author";
import { MessageBody } from "./MessageBody";
import { Reactions } from "./Reactions";
import { ThreadLink } from "./ThreadLink";

interface Props {
  message: Message;
  compact: boolean;
  inThread: boolean;
}

export function MessageItem({ message, compact, inThread }: Props) {
  const { users, openThread } = useSession();
  const author = authorOf(message, users);
  const broadcast = message.subtype === "thread_broadcast";
  const root = message.thread_ts ?? message.ts;
  return (
    <article
      className={`message${compact ? " compact" : ""}${message.ephemeral ? " ephemeral" : ""}`}
      data-testid="message"
      data-ts={message.ts}
      data-author={author.id}
      data-ephemeral={Boolean(message.ephemeral)}
      data-edited={Boolean(message.edited)}
      aria-label={`${author.name}, ${clockTime(dateOf(message.ts))}`}
    >
      {compact ? <Time ts={message.ts} /> : <Avatar name={author.name} bot={author.bot} />}
      <div className="message-main">
        {message.ephemeral && <p className="only-you">Only visible to you</p>}
        {!compact && (
          <header>
            <strong>{author.name}</strong>
            {author.bot && <span className="app-badge">APP</span>}
            <Time ts={message.ts} />
          </header>
        )}
        {broadcast && <Broadcast inThread={inThread} open={() => openThread(root)} />}
        <Shield of={message} instead={<p>{message.text}</p>}>
          <MessageBody message={message} />
        </Shield>
        {message.edited && <span className="edited">(edited)</span>}
        <Reactions reactions={message.reactions ?? []} />
        {!inThread && (message.reply_count ?? 0) > 0 && <ThreadLink message={message} />}
      </div>
      {!inThread && !message.ephemeral && (
        <button
          type="button"
          className="reply-button"
          data-testid="reply-in-thread"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => openThread(root)}
        >
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z" />
          </svg>
        </button>
      )}
    </article>
  );
}

function Time({ ts }: { ts: string }) {
  const date = dateOf(ts);
  return (
    <time dateTime={date.toISOString()} title={fullTime(date)}>
      {clockTime(date)}
    </time>
  );
}

function Broadcast({ inThread, open }: { inThread: boolean; open: () => void }) {
  if (inThread) return <p className="broadcast">Also sent to the channel</p>;
  return (
    <p className="broadcast">
      replied to{" "}
      <button type="button" className="link" onClick={open}>
        a thread
      </button>
    </p>
  );
}
