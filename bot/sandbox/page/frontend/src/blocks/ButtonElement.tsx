import { useSession } from "../lib/session";
import type { Element } from "../types";
import { plainText } from "./Mrkdwn";
import { textOf, useElement } from "./useElement";

export function ButtonElement({ element }: { element: Element }) {
  const { openLink } = useSession();
  const { pending, fire } = useElement(element);
  const press = async () => {
    if ((await fire({ value: element.value })) && element.url) openLink(element.url);
  };
  return (
    <button
      type="button"
      className={`button ${element.style ?? ""}`}
      data-testid="block-button"
      data-action-id={element.action_id}
      data-value={element.value}
      aria-label={element.accessibility_label}
      aria-busy={pending}
      disabled={pending}
      onClick={() => void press()}
    >
      {plainText(textOf(element.text))}
      {element.url && <span aria-hidden="true"> ↗</span>}
    </button>
  );
}
