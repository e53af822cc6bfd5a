import { useRef, useState } from "react";
import { useSession } from "../lib/session";
import type { Element, Option } from "../types";
import { Menu } from "./Menu";
import { useElement } from "./useElement";

/** Three dots, and the menu behind them. */
export function OverflowElement({ element }: { element: Element }) {
  const { openLink } = useSession();
  const { pending, fire } = useElement(element);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const pick = async (option: Option) => {
    setOpen(false);
    button.current?.focus();
    if ((await fire({ selected: option.value })) && option.url) openLink(option.url);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button overflow"
        data-testid="overflow"
        data-action-id={element.action_id}
        aria-label={element.accessibility_label ?? "More actions"}
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={pending}
        onClick={() => setOpen(!open)}
      >
        <span aria-hidden="true">•••</span>
      </button>
      {open && (
        <Menu
          options={element.options ?? []}
          actionId={element.action_id}
          button={button}
          pick={(option) => void pick(option)}
          close={() => setOpen(false)}
        />
      )}
    </>
  );
}
