import { useEffect, useMemo, useRef, useState } from "react";
import type { State } from "../types";
import { fetchState } from "./api";
import { coalesce } from "./coalesce";

export interface Wanted {
  viewer: string | null;
  channel: string | null;
  thread: string | null;
}

export interface Live {
  state: State | null;
  online: boolean;
  forge: number; // grows with every change on the forge
  reload: () => void;
}

/** The sandbox's state as the viewer sees it, kept fresh by Server-Sent Events. */
export function useLive(wanted: Wanted): Live {
  const latest = useRef(wanted);
  latest.current = wanted;
  const [state, setState] = useState<State | null>(null);
  const [online, setOnline] = useState(false);
  const [forge, setForge] = useState(0);
  const reload = useMemo(() => coalesce(() => load(latest.current, setState, setOnline)), []);

  useEffect(() => {
    const stream = new EventSource("/page/api/events");
    stream.addEventListener("change", (event) => {
      const source = (JSON.parse(event.data) as { source: string }).source;
      setOnline(source !== "bye");
      if (source !== "slack" && source !== "cluster") setForge((count) => count + 1);
      reload();
    });
    stream.onerror = () => setOnline(false);
    return () => stream.close();
  }, [reload]);

  useEffect(reload, [reload, wanted.viewer, wanted.channel, wanted.thread]);
  return { state, online, forge, reload };
}

async function load(wanted: Wanted, show: (state: State) => void, online: (yes: boolean) => void): Promise<void> {
  try {
    show(await fetchState({ ...wanted }));
  } catch {
    online(false); // the event stream reconnects by itself and then asks for a fresh state
  }
}
