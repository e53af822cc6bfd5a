import { fullTime, moment } from "../lib/time";
import type { Label, Pull } from "../types";
import { StateMark } from "./StateMark";
import { pullWord } from "./words";

export function PullHead({ pull }: { pull: Pull }) {
  const { word, tone } = pullWord(pull);
  const merged = tone === "done";
  const opened = moment(pull.created_at);
  return (
    <header className="pull-head">
      <h2>
        {pull.title} <span className="muted">#{pull.number}</span>
      </h2>
      <p>
        <span className={`state ${tone}`} data-testid="pull-state" data-state={word.toLowerCase()}>
          <StateMark tone={tone} /> {word}
        </span>{" "}
        <strong>{pull.user?.login ?? "ghost"}</strong> {merged ? "merged" : "wants to merge"}{" "}
        <code>{pull.head.ref}</code> into <code>{pull.base.ref}</code>
      </p>
      <p className="muted small">{opened && <time dateTime={pull.created_at}>opened {fullTime(opened)}</time>}</p>
      <Labels labels={pull.labels} />
    </header>
  );
}

function Labels({ labels }: { labels: Label[] }) {
  if (labels.length === 0) return null;
  return (
    <ul className="labels" aria-label="Labels">
      {labels.map((label) => (
        <li key={label.name}>
          <span
            className="dot"
            style={{ background: /^[0-9a-f]{6}$/i.test(label.color ?? "") ? `#${label.color}` : undefined }}
          />
          {label.name}
        </li>
      ))}
    </ul>
  );
}
