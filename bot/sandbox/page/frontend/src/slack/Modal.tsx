import { useEffect, useMemo, useRef, useState } from "react";
import { Blocks } from "../blocks/Blocks";
import { HostContext, type BlockHost } from "../blocks/host";
import { valuesOf, type Values } from "../lib/form";
import { useSession } from "../lib/session";
import type { View } from "../types";

/** The modal on top of the viewer's stack. What was typed stays while the app updates the view, as in Slack. */
export function Modal({ view, depth }: { view: View; depth: number }) {
  const { act, viewer } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const { host, touched } = useViewHost(view);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => void act("close_view", { viewer, view_id: view.id });
  const submit = async () => {
    setBusy(true);
    await act("submit", { viewer, view_id: view.id, values: valuesOf(view.blocks, touched) });
    setBusy(false);
  };
  return (
    <dialog
      ref={dialog}
      className="modal"
      aria-label={view.title?.text}
      data-testid="modal"
      data-view-id={view.id}
      data-depth={depth}
      onCancel={(event) => (event.preventDefault(), close())}
    >
      <form noValidate onSubmit={(event) => (event.preventDefault(), view.submit && void submit())}>
        <header>
          <h2>{view.title?.text}</h2>
          <button type="button" className="icon-button" data-testid="modal-close" aria-label="Close" onClick={close}>
            ✕
          </button>
        </header>
        <div className="modal-body">
          {view.trouble && (
            <p className="field-error" role="alert">
              {view.trouble}
            </p>
          )}
          <HostContext value={host}>
            <Blocks blocks={view.blocks} />
          </HostContext>
        </div>
        <ModalFoot view={view} busy={busy} close={close} />
      </form>
    </dialog>
  );
}

function ModalFoot({ view, busy, close }: { view: View; busy: boolean; close: () => void }) {
  return (
    <footer>
      <button type="button" className="button" data-testid="modal-cancel" onClick={close}>
        {view.close?.text ?? "Cancel"}
      </button>
      {view.submit && (
        <button type="submit" className="button primary" data-testid="modal-submit" disabled={busy} aria-busy={busy}>
          {view.submit.text}
        </button>
      )}
    </footer>
  );
}

function useViewHost(view: View): { host: BlockHost; touched: Values } {
  const { act, viewer } = useSession();
  const [touched, setTouched] = useState<Values>({});
  const host = useMemo(
    () => ({
      values: touched,
      errors: view.errors ?? {},
      change: (id: string, value: string | string[]) => setTouched((old) => ({ ...old, [id]: value })),
      use: async (action_id: string, used: object) => {
        await act("click_view", { viewer, view_id: view.id, action_id, ...used });
      },
    }),
    [act, viewer, view.id, view.errors, touched],
  );
  return { host, touched };
}
