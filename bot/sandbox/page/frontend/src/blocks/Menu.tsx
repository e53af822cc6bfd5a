import { useLayoutEffect, useRef, type RefObject } from "react";
import type { Option } from "../types";
import { plainText } from "./Mrkdwn";

interface Props {
  options: Option[];
  actionId: string | undefined;
  button: RefObject<HTMLButtonElement | null>;
  pick: (option: Option) => void;
  close: () => void;
}

/** An open menu beside its button: a popover in the top layer, so that no pane cuts it off. */
export function Menu({ options, actionId, button, pick, close }: Props) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    menu.current?.showPopover();
    if (menu.current && button.current) place(menu.current, button.current);
    menu.current?.querySelector("button")?.focus();
  }, [button]);
  const keyed = (event: React.KeyboardEvent) => {
    if (event.key !== "Escape") return step(event, menu.current);
    event.preventDefault();
    close();
    button.current?.focus();
  };
  const left = (event: React.FocusEvent) => {
    const to = event.relatedTarget;
    if (to !== button.current && !(to && menu.current?.contains(to))) close();
  };
  return (
    <div
      ref={menu}
      popover="manual"
      role="menu"
      className="menu"
      data-testid="overflow-menu"
      onKeyDown={keyed}
      onBlur={left}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="menuitem"
          data-testid="overflow-option"
          data-action-id={actionId}
          data-value={option.value}
          onClick={() => pick(option)}
        >
          {plainText(option.text.text)}
        </button>
      ))}
    </div>
  );
}

function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const below = at.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${below ? at.bottom + 4 : at.top - menu.offsetHeight - 4}px`;
}

function step(event: React.KeyboardEvent, menu: HTMLElement | null): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !menu) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("button")];
  const now = items.indexOf(document.activeElement as HTMLButtonElement);
  items[(now + by + items.length) % items.length]?.focus();
}
