import { stateOf } from "../training/words";
import type { Message, Pull, State } from "../types";
import { about, merged, type Make, type Step } from "./story";

const promised = (pull: Pull, model: string, environment: string): boolean =>
  pull.head.ref.startsWith(`slackops/promote/${model}/${environment}/`);

/** A version that is worse than what runs: why it is held up, how the two compare, and what a waiver is. */
export function qualityGates(state: State, step: Make): Step[] {
  const asked = state.pulls.filter((pull) => promised(pull, "churn", "production"));
  const waived = asked.some((pull) => /waived/i.test(pull.body ?? ""));
  const compared = [...state.messages, ...(state.thread?.messages ?? [])].some(isComparison);
  const live = asked.some(merged);
  return [
    step("ana", asked.length > 0, "Quality gates: as Ana, ", "/promote churn 17 production"),
    step(
      "ana",
      waived || compared || live,
      "Its card is Blocked: log_loss is worse than 16's. Its thread has the two side by side, with a chart",
    ),
    step("ben", waived, "Ana asked, so she may not waive: as Ben, More (•••), then Waive a gate, and say why"),
    step("ben", live, "As Ben, approve: it merges, and the waiver stays on the card and the pull request"),
  ];
}

/** What the world outside does by itself: CI fails and comes back, and a version is proposed because of an alias. */
export function outside(state: State, step: Make): Step[] {
  const red = state.ci?.subject.startsWith("Read the features") ?? false;
  const failing = red && state.ci !== null && stateOf(state.ci) === "red";
  const back = red && state.ci !== null && stateOf(state.ci) === "green";
  const proposed = state.pulls.some(
    (pull) => about(pull, "promote", "fraud-detector") && promised(pull, "fraud-detector", "staging"),
  );
  const trained = state.models.some(
    ({ name, versions }) => name === "fraud-detector" && Number(versions[0]?.version) > 5,
  );
  const deploys = "ml-deploys";
  return [
    step(
      "chloe",
      failing || back,
      "CI and the registry: in the tab Training, push a commit that fails",
      "",
      "",
      deploys,
    ),
    step("ana", back, "Its card comes to #ml-deploys. Click Re-run on it, and see it come back", "", "", deploys),
    step("ana", trained || proposed, "In Training, train a version of fraud-detector", "", "", deploys),
    step(
      "ana",
      proposed,
      "Set @challenger to it: the policy's rule opens the change of staging, which merges when its gates pass",
      "",
      "",
      deploys,
    ),
  ];
}

const isComparison = (message: Message): boolean =>
  message.blocks?.some((block) => block.type === "table") || (message.files?.length ?? 0) > 0;
