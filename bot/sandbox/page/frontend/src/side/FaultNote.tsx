import { useSession } from "../lib/session";
import type { Fault } from "../types";

/** The versions that will crash once they run: a newcomer should know which one shows what a bad rollout looks like. */
export function FaultNote() {
  const { state } = useSession();
  const runs = ({ model, version }: Fault) =>
    state.cluster.some((one) => one.model === model && one.version === version);
  const waiting = state.faults.filter((fault) => !runs(fault));
  if (waiting.length === 0) return null;
  return (
    <p className="muted small" data-testid="fault-note">
      Will not come up here, though every gate passes:{" "}
      {waiting.map(({ model, version }) => `${model} ${version}`).join(", ")}
    </p>
  );
}
