import type { State, User } from "../types";

export interface Suggestion {
  key: string;
  title: string;
  note: string;
  detail: string;
  /** The text of the box once this one is taken. */
  text: string;
}

/** What could be meant: a registered command after "/", a member after "@". */
export function suggestions(text: string, state: State): Suggestion[] {
  if (/^\/\S*$/.test(text)) return commands(text, state);
  const mention = /(^|\s)@([\w.-]*)$/.exec(text);
  return mention ? people(text, mention[2] ?? "", state) : [];
}

function commands(text: string, state: State): Suggestion[] {
  return state.commands
    .filter(({ command }) => command.startsWith(text.toLowerCase()) && command !== text.toLowerCase())
    .map(({ command, usage, description }) => ({
      key: command,
      title: command,
      note: usage,
      detail: description,
      text: `${command} `,
    }));
}

function people(text: string, start: string, state: State): Suggestion[] {
  const rest = text.slice(0, text.length - start.length);
  return state.users
    .filter((user) => handles(user).some((name) => name.startsWith(start.toLowerCase())) && user.name !== start)
    .map((user) => ({
      key: user.id,
      title: `@${user.name}`,
      note: user.real_name ?? "",
      detail: user.is_bot ? "App" : "",
      text: `${rest}${user.name} `,
    }));
}

/** How the command that is being typed is used. */
export function usageOf(text: string, state: State): string | null {
  const found = state.commands.find(({ command }) => text === command || text.startsWith(`${command} `));
  return found ? `${found.command} ${found.usage}` : null;
}

const handles = (user: User): string[] => [user.name, user.real_name ?? ""].map((name) => name.toLowerCase());
