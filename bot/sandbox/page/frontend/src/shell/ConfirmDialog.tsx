import { useEffect, useRef } from "react";
import { plainText, Text } from "../blocks/Mrkdwn";
import type { Confirm } from "../types";

/** Slack's question before an element acts. */
export function ConfirmDialog({ question, answer }: { question: Confirm; answer: (yes: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="modal confirm"
      aria-label={question.title.text}
      data-testid="confirm-dialog"
      onCancel={(event) => (event.preventDefault(), answer(false))}
    >
      <header>
        <h2>{plainText(question.title.text)}</h2>
      </header>
      <div className="modal-body">
        <Text text={question.text} />
      </div>
      <footer>
        <button type="button" className="button" data-testid="confirm-deny" onClick={() => answer(false)}>
          {question.deny.text}
        </button>
        <button
          type="button"
          className={`button ${question.style ?? "primary"}`}
          data-testid="confirm-accept"
          onClick={() => answer(true)}
        >
          {question.confirm.text}
        </button>
      </footer>
    </dialog>
  );
}
