import { StateMark } from "../side/StateMark";
import { short } from "../side/words";
import type { CiStatus } from "../types";
import { stateOf, wordOf } from "./words";
import { useBusy } from "./useBusy";

/** The head of main with its jobs, and the two ways to change how they end. */
export function CiCard({ ci }: { ci: CiStatus }) {
  const { busy, run } = useBusy();
  const state = stateOf(ci);
  const turn = (to: "red" | "green") => void run("turn_ci", { to });
  return (
    <section aria-label="CI" data-testid="ci" data-state={state}>
      <h3>CI of {ci.repo}</h3>
      <p className="small">
        <code>{short(ci.sha)}</code> {ci.subject}
      </p>
      <ul className="rows">
        {ci.jobs.map((job) => {
          const { word, tone } = wordOf(job);
          return (
            <li key={job.name} data-testid="ci-job" data-name={job.name}>
              <StateMark tone={tone} />
              <span className="grow">
                <code>{job.name}</code> <span className={`${tone}-text`}>{word}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <div className="row-actions">
        <button
          type="button"
          className="button"
          data-testid="ci-red"
          disabled={busy || state === "running"}
          onClick={() => turn("red")}
        >
          Push a commit that fails
        </button>
        <button
          type="button"
          className="button"
          data-testid="ci-green"
          disabled={busy || state !== "red"}
          onClick={() => turn("green")}
        >
          Re-run what failed
        </button>
      </div>
    </section>
  );
}
