import { useSession } from "../lib/session";
import { useStored } from "../lib/useStored";
import { chapters } from "./steps";
import type { Step } from "./story";

interface Props {
  seen: boolean;
  take: (step: Step) => void;
  dismiss: () => void;
}

/** The first steps, a chapter at a time; a command is put into the message box when it is pressed. */
export function Hints({ seen, take, dismiss }: Props) {
  const { state } = useSession();
  const story = chapters(state, seen);
  const [chosen, choose] = useStored("chapter", "");
  const unfinished = story.findIndex((chapter) => chapter.steps.some((step) => !step.done));
  const named = story.findIndex((chapter) => chapter.name === chosen);
  const at = named < 0 ? unfinished : named;
  const all = story.at(at)?.steps ?? [];
  const next = all.findIndex((step) => !step.done);
  return (
    <section
      className={at === 0 || named >= 0 ? "hints" : "hints all-done"}
      aria-label="First steps"
      data-testid="hints"
      data-chapter={at < 0 ? story.length : at}
    >
      <select
        className="chapter-select"
        aria-label="Chapter"
        data-testid="chapter-select"
        value={chosen}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">What is next</option>
        {story.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <ol>
        {all.map((step, index) => (
          <li
            key={step.before}
            className={step.done ? "done" : index === next ? "next" : ""}
            data-testid="hint"
            data-done={step.done}
            aria-current={index === next ? "step" : undefined}
          >
            <span className="tick" aria-hidden="true">
              {step.done ? "✓" : index + 1}
            </span>
            <span>
              {step.done && <span className="hidden">Done: </span>}
              {step.before}
              {step.command && (
                <button type="button" title="Put this into the message box" onClick={() => take(step)}>
                  {step.command}
                </button>
              )}
              {step.after}
            </span>
          </li>
        ))}
      </ol>
      <button
        type="button"
        className="icon-button"
        aria-label="Hide the first steps"
        data-testid="hints-dismiss"
        onClick={dismiss}
      >
        ✕
      </button>
    </section>
  );
}
