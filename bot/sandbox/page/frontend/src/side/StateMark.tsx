export type Tone = "good" | "bad" | "wait" | "done" | "none";

const SHAPES: Record<Tone, string> = {
  good: "M4 8.5 7 11.5 12.5 5",
  bad: "M4.5 4.5 11.5 11.5M11.5 4.5 4.5 11.5",
  wait: "M8 4.2V8l2.6 1.8",
  done: "M5 4v8M5 4a5 5 0 0 0 6 5.2",
  none: "M4.5 8h7",
};

/** A coloured mark; its shape tells the same as its colour, and a word always stands beside it. */
export function StateMark({ tone }: { tone: Tone }) {
  return (
    <svg className={`mark ${tone}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="7.25" />
      <path d={SHAPES[tone]} />
    </svg>
  );
}
