import { Fragment, useEffect, useRef } from "react";
import { dateOf, dayName } from "../lib/time";
import type { Message } from "../types";
import { MessageItem } from "./MessageItem";

const CLOSE = 300; // seconds within which one author's messages stand together, as in Slack

/** Messages, oldest first; stays at the end while the reader is there, and goes there for what answers the reader alone. */
export function MessageList({
  messages,
  where,
  inThread = false,
}: {
  messages: Message[];
  where: string;
  inThread?: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const last = messages.at(-1)?.ts;
  const answered = messages.at(-1)?.ephemeral ?? false;
  useEffect(() => {
    atEnd.current = true;
  }, [where]);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    if (answered) atEnd.current = true;
    const follow = () => atEnd.current && element.scrollTo({ top: element.scrollHeight });
    follow();
    const watcher = new ResizeObserver(follow);
    for (const child of element.children) watcher.observe(child);
    return () => watcher.disconnect();
  }, [where, last, answered]);
  return (
    <div
      ref={box}
      className="messages"
      role="log"
      aria-label={inThread ? "Thread" : "Messages"}
      tabIndex={0}
      onScroll={({ currentTarget: el }) => {
        atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 60;
      }}
    >
      <div>
        {messages.map((message, index) => (
          <Fragment key={message.ts}>
            {!inThread && newDay(messages[index - 1], message) && <DayLine message={message} />}
            <MessageItem message={message} compact={follows(messages[index - 1], message)} inThread={inThread} />
          </Fragment>
        ))}
      </div>
    </div>
  );
}

function DayLine({ message }: { message: Message }) {
  return (
    <div className="day" role="separator">
      <span>{dayName(dateOf(message.ts))}</span>
    </div>
  );
}

function newDay(before: Message | undefined, message: Message): boolean {
  return !before || dateOf(before.ts).toDateString() !== dateOf(message.ts).toDateString();
}

function follows(before: Message | undefined, message: Message): boolean {
  if (!before || newDay(before, message) || before.ephemeral || message.ephemeral || message.subtype) return false;
  const same = before.user === message.user && before.bot_id === message.bot_id && !before.subtype;
  return same && !message.blocks?.length && Number(message.ts) - Number(before.ts) < CLOSE;
}
