import { useBusy } from "../training/useBusy";
import type { Condition, Watched } from "../types";
import { Windows } from "./Windows";

const SENDS: { condition: Condition; words: string }[] = [
  { condition: "normal", words: "Normal" },
  { condition: "drifting", words: "Drifting" },
  { condition: "worse", words: "Worse" },
];

/** One model in production: what its monitor saw, and what it is to see next. */
export function WatchedCard({ watched }: { watched: Watched }) {
  const { busy, run } = useBusy();
  const { model, alert, windows } = watched;
  return (
    <article
      className="card"
      data-testid="watched"
      data-model={model}
      data-windows={windows.at(-1)?.number ?? 0}
      data-alert={alert}
      aria-busy={busy}
    >
      <h4>{model}</h4>
      <Windows watched={watched} />
      <div className="row-actions">
        {SENDS.map(({ condition, words }) => (
          <button
            key={condition}
            type="button"
            className="button"
            aria-label={`Send a window of ${model}: ${words.toLowerCase()}`}
            data-testid={`send-${condition}`}
            disabled={busy}
            onClick={() => void run("send_window", { model, condition })}
          >
            {words}
          </button>
        ))}
        <button
          type="button"
          className="button"
          data-testid="alert"
          disabled={busy}
          onClick={() => void run("turn_alert", { model, fires: !alert })}
        >
          {alert ? "End the alert" : "Latency alert"}
        </button>
      </div>
    </article>
  );
}
