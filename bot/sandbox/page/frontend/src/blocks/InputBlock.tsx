import { useId } from "react";
import type { Block } from "../types";
import { useHost } from "./host";
import { FieldElement } from "./FieldElement";

/** A labelled field with its hint and its error. */
export function InputBlock({ block }: { block: Block }) {
  const { errors } = useHost();
  const id = useId();
  const element = block.element;
  if (!element) return null;
  const error = errors[block.block_id ?? ""];
  const grouped =
    element.type === "radio_buttons" || element.type === "checkboxes" || element.type.startsWith("multi_");
  const label = (
    <span className="field-label" id={`${id}-label`}>
      {block.label?.text}
      {block.optional && <span className="muted"> (optional)</span>}
    </span>
  );
  return (
    <div className="field" data-block-id={block.block_id}>
      {grouped ? label : <label htmlFor={id}>{label}</label>}
      <FieldElement
        element={element}
        id={id}
        labelledBy={`${id}-label`}
        describedBy={`${id}-hint`}
        invalid={Boolean(error)}
        dispatch={block.dispatch_action}
      />
      <div id={`${id}-hint`}>
        {block.hint && <p className="field-hint">{block.hint.text}</p>}
        {error && (
          <p className="field-error" role="alert" data-testid="field-error">
            <span aria-hidden="true">⚠ </span>
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
