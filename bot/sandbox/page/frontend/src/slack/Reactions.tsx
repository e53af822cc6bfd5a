import { get } from "node-emoji";
import type { Message } from "../types";

export function Reactions({ reactions }: { reactions: NonNullable<Message["reactions"]> }) {
  if (reactions.length === 0) return null;
  return (
    <ul className="reactions" aria-label="Reactions">
      {reactions.map((reaction) => (
        <li key={reaction.name} title={`:${reaction.name}:`}>
          {get(reaction.name) ?? `:${reaction.name}:`} {reaction.count ?? reaction.users?.length ?? 1}
        </li>
      ))}
    </ul>
  );
}
