import type { Message, User } from "../types";

export interface Author {
  id: string;
  name: string;
  bot: boolean;
}

/** Who wrote a message. */
export function authorOf(message: Message, users: Map<string, User>): Author {
  const id = message.user ?? message.bot_id ?? "";
  if (id === "USLACKBOT") return { id, name: "Slackbot", bot: false };
  const known = users.get(id);
  const bot = Boolean(message.bot_id) || Boolean(known?.is_bot);
  return { id, name: message.username ?? nameOf(known) ?? (bot ? "SlackOps" : id), bot };
}

export const nameOf = (user: User | undefined): string | undefined => user && (user.real_name || user.name);
