import { useSession } from "../lib/session";
import type { Workload } from "../types";
import { ClusterCard } from "./ClusterCard";
import { FaultNote } from "./FaultNote";

/** What the cluster runs: a card a model and environment. */
export function ClusterTab() {
  const { state } = useSession();
  const models = [...new Set(state.cluster.map((workload) => workload.model))].sort();
  if (models.length === 0) return <p className="empty">The cluster runs nothing yet.</p>;
  return (
    <div className="cluster" data-testid="cluster">
      <FaultNote />
      {models.map((model) => (
        <section key={model} aria-label={model}>
          <h3>{model}</h3>
          <div className="cards">
            {state.cluster
              .filter((workload) => workload.model === model)
              .map((workload) => (
                <ClusterCard key={keyOf(workload)} workload={workload} />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}

const keyOf = (workload: Workload): string => `${workload.model}\n${workload.environment}`;
