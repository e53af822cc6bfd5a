import { useSession } from "../lib/session";
import type { Pull } from "../types";
import { StateMark } from "./StateMark";
import { pullWord } from "./words";

export function PullList({ pulls, chosen }: { pulls: Pull[]; chosen: number }) {
  const { openPull } = useSession();
  return (
    <details className="pull-list" data-testid="pull-list">
      <summary>
        All pull requests <span className="count">{pulls.length}</span>
      </summary>
      <ul>
        {pulls.map((pull) => {
          const { word, tone } = pullWord(pull);
          return (
            <li key={pull.number}>
              <button
                type="button"
                aria-current={pull.number === chosen}
                data-testid="pull-item"
                data-number={pull.number}
                data-state={word.toLowerCase()}
                onClick={() => openPull(pull.number)}
              >
                <StateMark tone={tone} />
                <span className="grow">{pull.title}</span>
                <span className="muted">
                  #{pull.number} · {word}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
