import { useState } from "react";
import { useLive } from "./lib/useLive";
import { useStored } from "./lib/useStored";
import { Cockpit } from "./shell/Cockpit";

/** Loads the state for what is chosen, and shows it. */
export function App() {
  const [viewer, setViewer] = useStored("viewer", "");
  const [channel, setChannel] = useStored("channel", "C0PROD");
  const [thread, setThread] = useState<string | null>(null);
  const live = useLive({ viewer: viewer || null, channel, thread });
  if (!live.state) return <p className="empty">{live.online ? "Loading…" : "Connecting to the sandbox…"}</p>;
  const known = live.state.personas.some((persona) => persona.user === viewer);
  return (
    <Cockpit
      live={live}
      state={live.state}
      viewer={known ? viewer : live.state.viewer}
      setViewer={setViewer}
      setChannel={setChannel}
      thread={thread}
      setThread={setThread}
    />
  );
}
