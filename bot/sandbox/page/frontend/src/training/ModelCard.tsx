import { useState } from "react";
import type { RegisteredModel } from "../types";
import { useBusy } from "./useBusy";
import { VersionTable } from "./VersionTable";
import { KINDS } from "./words";

/** A registered model: its newest versions, and what people and pipelines do with it. */
export function ModelCard({ model }: { model: RegisteredModel }) {
  const { busy, run } = useBusy();
  const [kind, setKind] = useState("good");
  const [chosen, setVersion] = useState("");
  const newest = model.versions[0]?.version ?? "";
  const version = chosen || newest;
  return (
    <article className="card" data-testid="model-card" data-model={model.name} data-newest={newest} aria-busy={busy}>
      <h4>{model.name}</h4>
      <VersionTable model={model} />
      <div className="row-actions">
        <button
          type="button"
          className="button"
          data-testid="train"
          disabled={busy}
          onClick={() => void run("train_version", { model: model.name, kind })}
        >
          {busy ? "Working…" : "Train a version"}
        </button>
        <select aria-label={`How ${model.name} is trained`} value={kind} onChange={(e) => setKind(e.target.value)}>
          {Object.entries(KINDS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div className="row-actions">
        <button
          type="button"
          className="button"
          data-testid="set-alias"
          disabled={busy || !version}
          onClick={() => void run("set_alias", { model: model.name, alias: "challenger", version })}
        >
          Set @challenger to
        </button>
        <select
          aria-label={`The challenger of ${model.name}`}
          value={version}
          onChange={(e) => setVersion(e.target.value)}
        >
          {model.versions.map((one) => (
            <option key={one.version} value={one.version}>
              version {one.version}
            </option>
          ))}
        </select>
      </div>
    </article>
  );
}
