import { useEffect, useRef, useState } from "react";
import { ago, fullTime, moment, useNow } from "../lib/time";
import type { Workload } from "../types";
import { FaultSwitch } from "./FaultSwitch";
import { StateMark } from "./StateMark";
import { healthWord, short, trafficWords } from "./words";

export function ClusterCard({ workload }: { workload: Workload }) {
  const { word, tone } = healthWord(workload.health);
  const flash = useFlash(`${workload.version} ${workload.health} ${JSON.stringify(workload.traffic ?? {})}`);
  const traffic = trafficWords(workload);
  const since = moment(workload.since);
  const now = useNow();
  return (
    <article
      className={`card ${tone}${flash ? " flash" : ""}`}
      data-testid="cluster-card"
      data-model={workload.model}
      data-environment={workload.environment}
      data-version={workload.version ?? ""}
      data-health={(workload.health ?? "unknown").toLowerCase()}
    >
      <h4>{workload.environment}</h4>
      <p className="version">{workload.version ? `v${workload.version}` : "–"}</p>
      <p className={`health ${tone}-text`} role="status">
        <StateMark tone={tone} /> {word}
      </p>
      {traffic && (
        <p className="small" data-testid="cluster-traffic">
          {traffic}
        </p>
      )}
      {workload.phase && <p className="muted small">Sync: {workload.phase.toLowerCase()}</p>}
      {workload.message && <p className="small message-text">{workload.message}</p>}
      <p className="muted small">
        {workload.revision && <code title={workload.revision}>{short(workload.revision)}</code>}
        {since && (
          <time dateTime={since.toISOString()} title={fullTime(since)}>
            {" "}
            {ago(since, now)}
          </time>
        )}
      </p>
      {workload.version && <FaultSwitch model={workload.model} version={workload.version} />}
    </article>
  );
}

/** True for a moment after `value` has changed. */
function useFlash(value: string): boolean {
  const before = useRef(value);
  const [on, setOn] = useState(false);
  useEffect(() => {
    if (before.current === value) return undefined;
    before.current = value;
    setOn(true);
    const timer = setTimeout(() => setOn(false), 1800);
    return () => clearTimeout(timer);
  }, [value]);
  return on;
}
