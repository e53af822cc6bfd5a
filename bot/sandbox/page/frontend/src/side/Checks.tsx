import type { CheckRun, Status } from "../types";
import { StateMark } from "./StateMark";
import { checksOf } from "./words";

export function Checks({ statuses, runs }: { statuses: Status[]; runs: CheckRun[] }) {
  const checks = checksOf(statuses, runs);
  return (
    <section aria-label="Checks">
      <h3>
        Checks <span className="count">{checks.length}</span>
      </h3>
      <ul className="rows">
        {checks.map((check) => (
          <li key={check.name} data-testid="check" data-name={check.name} data-state={check.state}>
            <StateMark tone={check.tone} />
            <span className="grow">
              <code>{check.name}</code> <span className={`${check.tone}-text`}>{check.word}</span>
              {check.note && <span className="muted note">{check.note}</span>}
            </span>
          </li>
        ))}
      </ul>
      {checks.length === 0 && <p className="muted">Nothing has reported yet.</p>}
    </section>
  );
}
