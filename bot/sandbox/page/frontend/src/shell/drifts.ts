import type { Message, Pull, State, Watched } from "../types";
import { about, merged, type Make, type Step } from "./story";

const MODEL = "fraud-detector";

/** Drift: an incident's card, a snooze and how it breaks, both ways out of it, and many at once. */
export function drifts(state: State, step: Make): Step[] {
  const watched = state.monitor.find(({ model }) => model === MODEL);
  const seen = bad(watched);
  const later = (pull: Pull): boolean => seen.length > 0 && pull.created_at >= (seen[0]?.sent ?? "");
  const worse = seen.some(({ condition }) => condition === "worse");
  const snoozed = worse || says(state, /snoozed/i);
  const trained = state.models.some(({ name, versions }) => name === MODEL && versions.some(isRetrained));
  const back = state.pulls.filter((pull) => about(pull, "rollback", MODEL) && later(pull)).some(merged);
  const normal = seen.length > 1 && isOver(watched);
  const storm = state.monitor.some(({ windows }) => windows.some(({ condition }) => condition === "no_country"));
  const over = storm && state.monitor.every(isOver);
  return [
    step("ana", seen.length > 1, "Drift: in the tab Monitor, send two drifting windows of fraud-detector"),
    step("ana", snoozed, "On its card in #ml-production, click Snooze; one more window says nothing"),
    step("ana", worse, "Send a worse window: the snooze breaks, and you are called"),
    step("ana", trained, "In the card’s menu (•••) click Retrain: its version is proposed for staging"),
    step("ana", back || normal, "Or click Roll back on the card, and again on what only you see"),
    step("ana", normal, "Send three normal windows: resolved, after how long, and what ended it"),
    step("ana", storm, "Lose country_code in all models: one card, with Snooze all"),
    step("ana", over, "Click Back to normal. The digest, at any time: ", "/drift"),
  ];
}

const bad = (watched: Watched | undefined) =>
  watched?.windows.filter(({ condition }) => condition === "drifting" || condition === "worse") ?? [];

const isOver = ({ windows }: Watched = { model: "", windows: [], alert: false }): boolean =>
  windows.slice(-3).every(({ condition }) => condition === "normal");

const isRetrained = ({ tags }: { tags: Record<string, string> }): boolean => "slackops.retrain" in tags;

const says = (state: State, words: RegExp): boolean =>
  [...state.messages, ...(state.thread?.messages ?? [])].some((message: Message) => words.test(message.text ?? ""));
