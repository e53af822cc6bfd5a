import { useId, useRef, useState } from "react";
import { useSession } from "../lib/session";
import { SuggestionList } from "./SuggestionList";
import { suggestions, usageOf, type Suggestion } from "./suggest";

interface Props {
  placeholder: string;
  draft: string;
  setDraft: (text: string) => void;
  thread?: string;
}

/** The message box: Enter sends, Shift and Enter breaks the line, "/" and "@" suggest. */
export function Composer({ placeholder, draft, setDraft, thread }: Props) {
  const { state } = useSession();
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [chosen, setChosen] = useState(0);
  const [hushed, setHushed] = useState("");
  const submit = useSubmit(draft, setDraft, thread);
  const offers = draft === hushed ? [] : suggestions(draft, state);
  const take = (one: Suggestion) => (setDraft(one.text), setChosen(0), box.current?.focus());
  const keyed = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offer = offers[chosen % Math.max(1, offers.length)];
    if (event.nativeEvent.isComposing) return;
    if (offer && step) setChosen((chosen + step + offers.length) % offers.length);
    else if (offer && (event.key === "Tab" || event.key === "Enter")) take(offer);
    else if (offer && event.key === "Escape") setHushed(draft);
    else if (event.key === "Enter" && !event.shiftKey) void submit();
    else return;
    event.preventDefault();
  };
  const usage = usageOf(draft, state);
  return (
    <form className="composer" onSubmit={(event) => (event.preventDefault(), void submit())}>
      {offers.length > 0 && <SuggestionList id={id} offers={offers} chosen={chosen % offers.length} take={take} />}
      {usage && (
        <p className="usage" data-testid="usage">
          {usage}
        </p>
      )}
      <div className="composer-row">
        <textarea
          ref={box}
          id={thread ? undefined : "message-box"}
          rows={Math.min(6, draft.split("\n").length)}
          value={draft}
          placeholder={placeholder}
          aria-label={placeholder}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={offers.length > 0}
          aria-controls={id}
          aria-activedescendant={offers.length > 0 ? `${id}-${chosen % offers.length}` : undefined}
          data-testid={thread ? "thread-box" : "message-box"}
          onChange={(event) => (setDraft(event.target.value), setChosen(0))}
          onKeyDown={keyed}
        />
        <button
          type="submit"
          className="button primary"
          data-testid={thread ? "thread-send" : "send"}
          disabled={draft.trim() === ""}
        >
          Send
        </button>
      </div>
    </form>
  );
}

function useSubmit(draft: string, setDraft: (text: string) => void, thread: string | undefined) {
  const { act, viewer, state } = useSession();
  return async () => {
    const text = draft.trim();
    if (text === "") return;
    setDraft("");
    const where = { viewer, channel: state.channel };
    const slash = text.startsWith("/");
    const sent = await (slash && !thread
      ? act("slash", { ...where, text })
      : act("post", { ...where, text, thread_ts: thread ?? null }));
    if (sent === null) setDraft(text);
  };
}
