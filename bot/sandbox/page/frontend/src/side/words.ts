import type { CheckRun, Pull, Status, TimelineEvent, Who, Workload } from "../types";
import type { Tone } from "./StateMark";

export interface Word {
  word: string;
  tone: Tone;
}

export function pullWord(pull: Pull): Word {
  if (pull.merged || pull.merged_at) return { word: "Merged", tone: "done" };
  if (pull.state === "closed") return { word: "Closed", tone: "bad" };
  return { word: pull.draft ? "Draft" : "Open", tone: pull.draft ? "none" : "good" };
}

const CHECKS: Record<string, Word> = {
  success: { word: "Successful", tone: "good" },
  failure: { word: "Failing", tone: "bad" },
  error: { word: "Error", tone: "bad" },
  timed_out: { word: "Timed out", tone: "bad" },
  action_required: { word: "Action required", tone: "bad" },
  cancelled: { word: "Cancelled", tone: "none" },
  neutral: { word: "Neutral", tone: "none" },
  skipped: { word: "Skipped", tone: "none" },
  stale: { word: "Stale", tone: "none" },
  pending: { word: "Pending", tone: "wait" },
  queued: { word: "Queued", tone: "wait" },
  in_progress: { word: "In progress", tone: "wait" },
};

export interface Check extends Word {
  name: string;
  state: string;
  note: string;
}

const check = (name: string, state: string, note: string): Check => ({
  name,
  state,
  note,
  ...(CHECKS[state] ?? { word: state, tone: "none" }),
});

/** Statuses and check runs as one list. */
export function checksOf(statuses: Status[], runs: CheckRun[]): Check[] {
  const said = statuses.map((status) => check(status.context, status.state, status.description ?? ""));
  return [...said, ...runs.map((run) => check(run.name, run.conclusion ?? run.status, ""))];
}

const REVIEWS: Record<string, Word> = {
  APPROVED: { word: "approved", tone: "good" },
  CHANGES_REQUESTED: { word: "requested changes", tone: "bad" },
  COMMENTED: { word: "commented", tone: "none" },
  DISMISSED: { word: "review dismissed", tone: "none" },
  PENDING: { word: "review pending", tone: "wait" },
};

export const reviewWord = (state: string): Word =>
  REVIEWS[state.toUpperCase()] ?? { word: state.toLowerCase(), tone: "none" };

export function healthWord(health: string | null | undefined): Word {
  const word = health ? health.charAt(0).toUpperCase() + health.slice(1) : "Unknown";
  if (/^healthy$/i.test(word)) return { word, tone: "good" };
  if (/^(degraded|failed|error|missing)$/i.test(word)) return { word, tone: "bad" };
  return { word, tone: /^(progressing|syncing|outofsync|pending)$/i.test(word) ? "wait" : "none" };
}

/** Who answers the requests; nothing where it is the version on the card alone. */
export function trafficWords({ version, traffic }: Workload): string {
  const shares = Object.entries(traffic ?? {}).sort(([, one], [, other]) => other - one);
  if (shares.length === 0 || (shares.length === 1 && shares[0]?.[0] === version)) return "";
  return shares.map(([name, share]) => `v${name} gets ${share} %`).join(", ");
}

const first = (text: string | null | undefined): string => (text ?? "").split("\n")[0] ?? "";
const labelOf = (event: TimelineEvent): string =>
  typeof event.label === "string" ? event.label : (event.label?.name ?? "");

const EVENTS: Record<string, (event: TimelineEvent) => string> = {
  opened: () => "opened this pull request",
  committed: (event) => `committed ${short(event.sha)}: ${first(event.message)}`,
  reviewed: (event) => reviewWord(event.state ?? "commented").word,
  commented: (event) => `commented: ${first(event.body)}`,
  labeled: (event) => `added the label ${labelOf(event)}`,
  unlabeled: (event) => `removed the label ${labelOf(event)}`,
  closed: () => "closed this",
  reopened: () => "reopened this",
  edited: () => "edited this",
  merged: (event) => `merged this as ${short(event.sha)}`,
  head_ref_force_pushed: () => "force-pushed the branch",
  head_ref_deleted: () => "deleted the branch",
  review_dismissed: (event) => `dismissed the review of ${event.reviewer ?? "somebody"}`,
  review_requested: (event) => `asked ${event.reviewer ?? event.team ?? "somebody"} to review`,
};

export const eventText = (event: TimelineEvent): string =>
  EVENTS[event.event]?.(event) ?? event.event.replaceAll("_", " ");
export const loginOf = (who: Who): string => (typeof who === "string" ? who : (who?.login ?? "ghost"));
export const short = (sha: string | null | undefined): string => (sha ?? "").slice(0, 7);
