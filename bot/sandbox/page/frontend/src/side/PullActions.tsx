import { useState } from "react";
import { useSession } from "../lib/session";
import type { Pull } from "../types";

/** What the persona could do on github.com, without Slack. The forge decides, and says why not. */
export function PullActions({ pull }: { pull: Pull }) {
  const { act, viewer, state } = useSession();
  const [body, setBody] = useState("");
  const [busy, setBusy] = useState(false);
  const me = state.personas.find((persona) => persona.user === viewer);
  if (pull.state !== "open") return null;
  const perform = async (name: string, fields: object) => {
    setBusy(true);
    const done = await act(name, { viewer, number: pull.number, ...fields });
    setBusy(false);
    if (done) setBody("");
  };
  const review = (event: string) => () => void perform("review", { event, body });
  return (
    <details className="pull-actions" data-testid="pull-actions">
      <summary>
        Act on github.com as <strong>{me?.login}</strong>
      </summary>
      <textarea
        className="control"
        rows={2}
        value={body}
        placeholder="Comment (needed to request changes)"
        aria-label="Review comment"
        data-testid="review-body"
        onChange={(event) => setBody(event.target.value)}
      />
      <div className="actions-block">
        <button
          type="button"
          className="button primary"
          data-testid="github-approve"
          disabled={busy}
          onClick={review("APPROVE")}
        >
          Approve
        </button>
        <button
          type="button"
          className="button"
          data-testid="github-request-changes"
          disabled={busy}
          onClick={review("REQUEST_CHANGES")}
        >
          Request changes
        </button>
        <button
          type="button"
          className="button danger"
          data-testid="github-close"
          disabled={busy}
          onClick={() => void perform("close_pull", {})}
        >
          Close
        </button>
      </div>
    </details>
  );
}
