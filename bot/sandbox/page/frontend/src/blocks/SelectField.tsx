import { useSession } from "../lib/session";
import type { Option } from "../types";
import type { FieldControl } from "./FieldElement";
import { plainText } from "./Mrkdwn";
import { optionGroups } from "./options";

export function SelectField({ element, id, describedBy, invalid, value, set }: FieldControl) {
  const { state } = useSession();
  const prompt = element.placeholder?.text ?? "Choose an option";
  return (
    <select
      id={id}
      className="control"
      value={String(value)}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      aria-label={id ? undefined : prompt}
      data-testid="field"
      data-action-id={element.action_id}
      onChange={(event) => set(event.target.value)}
    >
      <option value="" disabled>
        {prompt}
      </option>
      {optionGroups(element, state).map((group) =>
        group.label ? (
          <optgroup key={group.label} label={group.label}>
            {choices(group.options)}
          </optgroup>
        ) : (
          choices(group.options)
        ),
      )}
    </select>
  );
}

function choices(options: Option[]) {
  return options.map((option) => (
    <option key={option.value} value={option.value}>
      {plainText(option.text.text)}
    </option>
  ));
}
