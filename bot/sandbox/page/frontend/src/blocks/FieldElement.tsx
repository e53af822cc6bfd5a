import { flat, initial, type Value } from "../lib/form";
import type { Element } from "../types";
import { ChoiceField } from "./ChoiceField";
import { useHost } from "./host";
import { SelectField } from "./SelectField";
import { StaticBlocks } from "./StaticBlocks";
import { isText, TextField } from "./TextField";
import { useElement } from "./useElement";

export interface FieldProps {
  element: Element;
  id?: string | undefined;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  /** Whether a change is sent to the app at once. */
  dispatch?: boolean | undefined;
}

export interface FieldControl extends FieldProps {
  value: Value;
  set: (value: Value) => void;
  /** For text: Enter was pressed. */
  done: () => void;
}

/** An element that holds a value. */
export function FieldElement(props: FieldProps) {
  const { element, dispatch } = props;
  const { values, change } = useHost();
  const { fire } = useElement(element);
  const id = element.action_id ?? "";
  const value = values[id] ?? initial(element);
  const set = (next: Value) => {
    change(id, next);
    if (dispatch && !isText(element)) void fire({ selected: flat(next) }).then((sent) => sent || change(id, value));
  };
  const done = () => void (dispatch && fire({ value: flat(value) }));
  const control = { ...props, value, set, done };
  if (isText(element)) return <TextField {...control} />;
  if (/^(radio_buttons|checkboxes|multi_.*)$/.test(element.type)) return <ChoiceField {...control} />;
  if (element.type.endsWith("_select")) return <SelectField {...control} />;
  return <StaticBlocks block={{ type: "actions", elements: [element] }} />;
}
