import type { Element } from "../types";
import { ButtonElement } from "./ButtonElement";
import { FieldElement } from "./FieldElement";
import { OverflowElement } from "./OverflowElement";

/** An element that acts as soon as it is used. */
export function LiveElement({ element }: { element: Element }) {
  if (element.type === "button" || element.type === "workflow_button") return <ButtonElement element={element} />;
  if (element.type === "overflow") return <OverflowElement element={element} />;
  return <FieldElement element={element} dispatch />;
}
