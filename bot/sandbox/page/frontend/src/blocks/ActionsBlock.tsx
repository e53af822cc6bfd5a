import type { Block } from "../types";
import { LiveElement } from "./LiveElement";

export function ActionsBlock({ block }: { block: Block }) {
  return (
    <div className="actions-block" role="group">
      {(block.elements ?? []).map((element, index) => (
        <LiveElement key={element.action_id ?? index} element={element} />
      ))}
    </div>
  );
}
