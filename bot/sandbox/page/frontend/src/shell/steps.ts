import type { Pull, State } from "../types";

export interface Step {
  before: string;
  command?: string;
  after?: string;
  viewer: string;
  channel: string;
  done: boolean;
}

const merged = (pull: Pull): boolean => Boolean(pull.merged || pull.merged_at);
const about = (pull: Pull, action: string): boolean =>
  pull.head.ref.startsWith(`slackops/${action}/`) || pull.labels.some((label) => label.name === action);

/** The newcomer's way, each step ticked off by what the sandbox shows. */
export function steps(state: State, seen: boolean): Step[] {
  const asked = state.pulls.filter((pull) => about(pull, "promote"));
  const live = asked.some(merged);
  const running = new Set(
    state.cluster.filter((one) => /^healthy$/i.test(one.health ?? "")).map((one) => one.revision),
  );
  const arrived = asked.some((pull) => merged(pull) && running.has(pull.merge_commit_sha));
  const back = state.pulls.some((pull) => about(pull, "rollback"));
  const [ana = "", ben = ""] = state.personas.map((persona) => persona.user);
  const channel = state.channels.find(({ name }) => name === "ml-production")?.id ?? state.channel ?? "";
  const step = (viewer: string, done: boolean, before: string, command?: string, after?: string): Step => ({
    viewer,
    channel,
    done,
    before,
    ...(command ? { command } : {}),
    ...(after ? { after } : {}),
  });
  return [
    step(ana, asked.length > 0, "As Ana, type ", "/promote fraud-detector 4 production", " in #ml-production"),
    step(ana, live || (asked.length > 0 && seen), "Read the card and its pull request"),
    step(ben, live, "Switch to Ben and click Approve (then Chloe, if two must)"),
    step(ben, arrived || back, "Watch it merge and reach the cluster"),
    step(ana, back, "Take it back: ", "/rollback fraud-detector production"),
  ];
}
