import { useSession } from "../lib/session";
import { useBusy } from "../training/useBusy";
import { WatchedCard } from "./WatchedCard";
import { isOff } from "./words";

/** What watches production: it compares five minutes of traffic with what each model was trained on, and posts that. */
export function MonitorTab() {
  const { state } = useSession();
  const { busy, run } = useBusy();
  const off = state.monitor.some(isOff);
  return (
    <div className="training" data-testid="monitor">
      <section aria-label="All models">
        <h3>Traffic of production</h3>
        <p className="small muted">
          Each window is five minutes of requests, compared with the training data; a button sends the next one. The bot
          gets Evidently’s report and Alertmanager’s alerts, and nothing else.
        </p>
        <div className="row-actions">
          <button
            type="button"
            className="button"
            data-testid="storm"
            disabled={busy}
            onClick={() => void run("storm", { over: false })}
          >
            {busy ? "Working…" : "Lose country_code, in all models"}
          </button>
          <button
            type="button"
            className="button"
            data-testid="recover"
            disabled={busy || !off}
            onClick={() => void run("storm", { over: true })}
          >
            Back to normal
          </button>
        </div>
      </section>
      {state.monitor.map((watched) => (
        <WatchedCard key={watched.model} watched={watched} />
      ))}
    </div>
  );
}
