import type { Condition, Watched } from "../types";
import type { Tone } from "../side/StateMark";

export const CONDITIONS: Record<Condition, { word: string; tone: Tone }> = {
  normal: { word: "normal", tone: "good" },
  drifting: { word: "drifting", tone: "wait" },
  worse: { word: "drifting more", tone: "bad" },
  no_country: { word: "country_code empty", tone: "bad" },
};

/** Whether one of the windows that close an incident, or its alert, is anything but normal. */
export const isOff = (one: Watched): boolean =>
  one.alert || one.windows.slice(-3).some(({ condition }) => condition !== "normal");
