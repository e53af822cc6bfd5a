import { useSession } from "../lib/session";
import type { FieldControl } from "./FieldElement";
import { Text } from "./Mrkdwn";
import { optionGroups } from "./options";

/** Radio buttons, check boxes and multi-selects. */
export function ChoiceField({ element, labelledBy, describedBy, value, set }: FieldControl) {
  const { state } = useSession();
  const single = element.type === "radio_buttons";
  const chosen = Array.isArray(value) ? value : value ? [value] : [];
  const toggle = (one: string) => (chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]);
  const options = optionGroups(element, state).flatMap((group) => group.options);
  return (
    <div
      className="choices"
      role={single ? "radiogroup" : "group"}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      data-action-id={element.action_id}
    >
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type={single ? "radio" : "checkbox"}
            checked={chosen.includes(option.value)}
            data-testid="choice"
            data-action-id={element.action_id}
            data-value={option.value}
            onChange={() => set(single ? option.value : toggle(option.value))}
          />
          <span>
            <Text text={option.text} />
            {option.description && (
              <span className="choice-note">
                <Text text={option.description} />
              </span>
            )}
          </span>
        </label>
      ))}
    </div>
  );
}
