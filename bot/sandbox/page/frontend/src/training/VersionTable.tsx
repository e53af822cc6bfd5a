import type { RegisteredModel } from "../types";

const METRICS = 3; // as many columns as the pane has room for; slices of a metric are left out

/** The newest versions with their aliases and first metrics. */
export function VersionTable({ model }: { model: RegisteredModel }) {
  const names = Object.keys(model.versions[0]?.metrics ?? {}).filter((name) => !name.includes("."));
  const shown = names.slice(0, METRICS);
  const aliases = (version: string) => Object.keys(model.aliases).filter((one) => model.aliases[one] === version);
  return (
    <table className="versions small">
      <thead>
        <tr>
          <th scope="col">Version</th>
          {shown.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {model.versions.map(({ version, metrics }) => (
          <tr key={version} data-testid="version" data-version={version}>
            <th scope="row">
              {version} <span className="accent-text">{aliases(version).map((one) => `@${one} `)}</span>
            </th>
            {shown.map((name) => (
              <td key={name}>{metrics[name] ?? "–"}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
