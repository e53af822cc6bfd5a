import type { Element } from "../types";
import type { FieldControl } from "./FieldElement";

const KINDS: Record<string, string> = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
};

export const isText = (element: Element): boolean => element.type in KINDS;

export function TextField({ element, id, describedBy, invalid, value, set, done }: FieldControl) {
  const shared = {
    id,
    value: String(value),
    placeholder: element.placeholder?.text,
    maxLength: element.max_length,
    "aria-describedby": describedBy,
    "aria-invalid": invalid,
    "aria-label": id ? undefined : (element.placeholder?.text ?? element.action_id),
    "data-testid": "field",
    "data-action-id": element.action_id,
  };
  if (element.multiline)
    return <textarea {...shared} className="control" rows={4} onChange={(event) => set(event.target.value)} />;
  return (
    <input
      {...shared}
      className="control"
      type={KINDS[element.type]}
      min={element.min_value}
      max={element.max_value}
      step={element.is_decimal_allowed ? "any" : undefined}
      onChange={(event) => set(event.target.value)}
      onKeyDown={(event) => event.key === "Enter" && done()}
    />
  );
}
