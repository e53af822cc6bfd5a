import type { Pull, State } from "../types";

export interface Step {
  before: string;
  command?: string;
  after?: string;
  viewer: string;
  channel: string;
  done: boolean;
}

export type Who = "ana" | "ben" | "chloe";
export type Make = (
  who: Who,
  done: boolean,
  before: string,
  command?: string,
  after?: string,
  channel?: string,
) => Step;

export const merged = (pull: Pull): boolean => Boolean(pull.merged || pull.merged_at);

export const about = (pull: Pull, action: string, model: string): boolean =>
  pull.head.ref.startsWith(`slackops/${action}/${model}/`) ||
  (!pull.head.ref.startsWith("slackops/") && pull.labels.some((label) => label.name === action));

/** Makes the steps of a story: who is to be played, where, what to do, and whether it is done. */
export function maker(state: State): Make {
  const [ana = "", ben = "", chloe = ""] = state.personas.map((persona) => persona.user);
  const people: Record<Who, string> = { ana, ben, chloe };
  return (who, done, before, command, after, channel = "ml-production") => ({
    viewer: people[who],
    channel: state.channels.find(({ name }) => name === channel)?.id ?? state.channel ?? "",
    done,
    before,
    ...(command ? { command } : {}),
    ...(after ? { after } : {}),
  });
}
