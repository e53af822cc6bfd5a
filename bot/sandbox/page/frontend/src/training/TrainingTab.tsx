import { useSession } from "../lib/session";
import { CiCard } from "./CiCard";
import { ModelCard } from "./ModelCard";

/** Where models come from: the CI of what trains them, and the registry. What is done here the bot only hears of. */
export function TrainingTab() {
  const { state } = useSession();
  return (
    <div className="training" data-testid="training">
      {state.ci && <CiCard ci={state.ci} />}
      <section aria-label="Registry">
        <h3>MLflow registry</h3>
        {state.models.map((model) => (
          <ModelCard key={model.name} model={model} />
        ))}
        {state.models.length === 0 && <p className="muted">Nothing is registered yet.</p>}
      </section>
    </div>
  );
}
