import { useState } from "react";
import { useSession } from "../lib/session";

/** Breaks a version, wherever the cluster runs it, or mends it. The bot is not told: it has to notice. */
export function FaultSwitch({ model, version }: { model: string; version: string }) {
  const { act, viewer, state } = useSession();
  const [busy, setBusy] = useState(false);
  const broken = state.faults.some((fault) => fault.model === model && fault.version === version);
  const name = broken ? "mend_version" : "break_version";
  const turn = async () => {
    setBusy(true);
    await act(name, { viewer, model, version });
    setBusy(false);
  };
  return (
    <button
      type="button"
      className="link small"
      data-testid="fault-switch"
      data-act={name}
      disabled={busy}
      onClick={() => void turn()}
    >
      {broken ? "Mend" : "Break"} {model} {version}
    </button>
  );
}
