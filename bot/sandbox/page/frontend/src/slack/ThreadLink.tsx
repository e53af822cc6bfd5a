import { useSession } from "../lib/session";
import { ago, dateOf, useNow } from "../lib/time";
import type { Message } from "../types";
import { Avatar } from "./Avatar";
import { nameOf } from "./author";

/** The line under a message that opens its thread. */
export function ThreadLink({ message }: { message: Message }) {
  const { users, openThread } = useSession();
  const now = useNow();
  const count = message.reply_count ?? 0;
  return (
    <button
      type="button"
      className="thread-link"
      data-testid="thread-open"
      data-replies={count}
      onClick={() => openThread(message.ts)}
    >
      {(message.reply_users ?? []).slice(0, 3).map((id) => (
        <Avatar
          key={id}
          name={nameOf(users.get(id)) ?? id}
          bot={users.get(id)?.is_bot ?? id.startsWith("B")}
          size={22}
        />
      ))}
      <strong>{count === 1 ? "1 reply" : `${count} replies`}</strong>
      {message.latest_reply && <span className="muted">Last reply {ago(dateOf(message.latest_reply), now)}</span>}
    </button>
  );
}
