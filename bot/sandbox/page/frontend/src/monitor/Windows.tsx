import { clockTime, moment } from "../lib/time";
import { StateMark } from "../side/StateMark";
import type { Watched } from "../types";
import { CONDITIONS } from "./words";

/** The newest windows in a row, the newest on the right, and the last one in words. */
export function Windows({ watched }: { watched: Watched }) {
  const last = watched.windows.at(-1);
  if (!last) return <p className="muted small">No window yet.</p>;
  const ended = moment(last.end);
  return (
    <>
      <ol className="windows" aria-label="Newest windows">
        {watched.windows.map(({ number, condition }) => (
          <li key={number} title={`Window ${number}: ${CONDITIONS[condition].word}`}>
            <StateMark tone={CONDITIONS[condition].tone} />
            <span className="hidden">{CONDITIONS[condition].word}</span>
          </li>
        ))}
      </ol>
      <p className="small">
        Window {last.number}: {CONDITIONS[last.condition].word}
        {ended && <span className="muted"> · data until {clockTime(ended)}</span>}
      </p>
    </>
  );
}
