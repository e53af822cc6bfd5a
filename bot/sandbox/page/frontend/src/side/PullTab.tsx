import { useSession } from "../lib/session";
import { usePull } from "../lib/usePull";
import { Checks } from "./Checks";
import { Diff } from "./Diff";
import { Markdown } from "./Markdown";
import { PullActions } from "./PullActions";
import { PullHead } from "./PullHead";
import { PullList } from "./PullList";
import { Reviews } from "./Reviews";
import { Timeline } from "./Timeline";

/** The chosen pull request as its page on the forge shows it, under the list of all. */
export function PullTab({ number, version }: { number: number | null; version: number }) {
  const { state } = useSession();
  const { page, error } = usePull(number, version);
  if (number === null) return <p className="empty">No pull request yet. A promotion opens the first one.</p>;
  return (
    <div className="pull" data-testid="pull" data-number={page?.pull.number}>
      <PullList pulls={state.pulls} chosen={number} />
      {error && (
        <p className="field-error" role="alert">
          Pull request #{number}: {error}
        </p>
      )}
      {page && (
        <>
          <PullHead pull={page.pull} />
          <PullActions key={number} pull={page.pull} />
          <Checks statuses={page.statuses} runs={page.checks} />
          <Reviews reviews={page.reviews} />
          <Diff text={page.diff} />
          <section aria-label="Description">
            <h3>Description</h3>
            <Markdown text={page.pull.body ?? ""} />
          </section>
          <Timeline events={page.timeline} />
        </>
      )}
    </div>
  );
}
