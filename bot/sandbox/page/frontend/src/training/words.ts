import type { Tone } from "../side/StateMark";
import type { CheckRun, CiStatus } from "../types";

export type CiState = "green" | "red" | "running";
export const KINDS: Record<string, string> = {
  good: "as good as the best",
  regressed: "worse than what runs",
  nan: "with a metric that is NaN",
  incompatible: "with another signature",
};

/** Where the jobs stand together. */
export function stateOf(ci: CiStatus): CiState {
  if (ci.jobs.length === 0 || ci.jobs.some((job) => job.status !== "completed")) return "running";
  return ci.jobs.every((job) => job.conclusion === "success") ? "green" : "red";
}

/** One job in a word. */
export function wordOf(job: Pick<CheckRun, "status" | "conclusion">): { word: string; tone: Tone } {
  if (job.status !== "completed") return { word: job.status === "queued" ? "Queued" : "Running", tone: "wait" };
  return job.conclusion === "success" ? { word: "Successful", tone: "good" } : { word: "Failing", tone: "bad" };
}
