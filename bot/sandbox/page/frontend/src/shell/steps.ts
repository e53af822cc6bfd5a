import type { State, Workload } from "../types";
import { drifts } from "./drifts";
import { outside, qualityGates } from "./gates";
import { about, maker, merged, type Make, type Step } from "./story";

export interface Chapter {
  name: string;
  steps: Step[];
}

const healthy = (workload: Workload | undefined): boolean => /^healthy$/i.test(workload?.health ?? "");
const production = (state: State, model: string): Workload | undefined =>
  state.cluster.find((one) => one.model === model && one.environment === "production");

/** The newcomer's way in chapters, each step ticked off by what the sandbox shows. */
export function chapters(state: State, seen: boolean): Chapter[] {
  const step = maker(state);
  const all = [
    { name: "There and back", steps: thereAndBack(state, seen, step) },
    { name: "When it crashes", steps: whenItCrashes(state, step) },
    { name: "In steps", steps: inSteps(state, step) },
    { name: "Who may", steps: whoMay(state, step) },
    { name: "Quality gates", steps: qualityGates(state, step) },
  ];
  if (state.ci) all.push({ name: "CI and registry", steps: outside(state, step) });
  if (state.monitor.length) all.push({ name: "Drift and digests", steps: drifts(state, step) });
  return all;
}

function thereAndBack(state: State, seen: boolean, step: Make): Step[] {
  const asked = state.pulls.filter((pull) => about(pull, "promote", "fraud-detector"));
  const live = asked.some(merged);
  const running = new Set(state.cluster.filter(healthy).map((one) => one.revision));
  const arrived = asked.some((pull) => merged(pull) && running.has(pull.merge_commit_sha));
  const back = state.pulls.some((pull) => about(pull, "rollback", "fraud-detector"));
  return [
    step("ana", asked.length > 0, "As Ana, type ", "/promote fraud-detector 4 production", " in #ml-production"),
    step("ana", live || (asked.length > 0 && seen), "Read the card and its pull request"),
    step("ben", live, "Switch to Ben and click Approve (then Chloe, if two must)"),
    step("ben", arrived || back, "Watch it merge and reach the cluster"),
    step("ana", back, "Take it back: ", "/rollback fraud-detector production"),
  ];
}

function whenItCrashes(state: State, step: Make): Step[] {
  const asked = state.pulls.some((pull) => about(pull, "promote", "ltv"));
  const now = production(state, "ltv");
  const back = state.pulls.filter((pull) => about(pull, "rollback", "ltv")).some(merged);
  return [
    step("ana", asked, "This one passes its gates and crashes: as Ana, ", "/promote ltv 5 production"),
    step("ben", back || (now?.version === "5" && !healthy(now)), "As Ben, approve it, and see it degrade"),
    step("ben", back, "Click Roll back on the card, then again on the question that only you see"),
    step("ben", back && healthy(now), "See health return in the cluster"),
  ];
}

function inSteps(state: State, step: Make): Step[] {
  const rungs = state.pulls.filter((pull) => pull.labels.some((label) => label.name === "model:recommender"));
  const moved = rungs.filter(merged).length;
  const whole = Object.keys(production(state, "recommender")?.traffic ?? {}).length === 1;
  return [
    step("ana", rungs.length > 0, "In steps: as Ana, ", "/promote recommender 3 production"),
    step("ben", moved > 0, "As Ben, approve it: 10 % of the requests go to the new version"),
    step("ben", moved > 1 && whole, "Watch it climb to 100 % by itself, or click Abort on its card"),
  ];
}

function whoMay(state: State, step: Make): Step[] {
  const asked = state.pulls.filter((pull) => pull.head.ref.startsWith("slackops/promote/ltv/production/4-"));
  const glass = state.pulls.some((pull) => /break.?glass/i.test(pull.body ?? "") && about(pull, "rollback", "ltv"));
  const gone = state.users.some((user) => user.deleted);
  const live = asked.some(merged);
  return [
    step(
      "chloe",
      gone || state.linked.includes("chloe"),
      "Who may: as Chloe, ",
      "/slackops link",
      ", and say twice who you are",
    ),
    step("ana", asked.length > 0, "As Ana, ", "/promote ltv 4 production", ", then try to approve your own"),
    step("ben", state.frozen, "Stop all merges: as Ben, ", '/slackops freeze production --until 1h --reason "fair"'),
    step("ben", live, "As Chloe, approve: it waits until Ben lifts it with ", "/slackops unfreeze production"),
    step("ana", glass, "Break glass: ", '/rollback ltv production --break-glass --reason "orders fail"'),
    step(
      "ana",
      gone,
      "Play Chloe and deactivate her below the names: unlinked, and no approval of hers counts on what is not merged",
    ),
  ];
}
