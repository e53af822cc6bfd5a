import type { Block, Element } from "../types";

export type Value = string | string[];
export type Values = Record<string, Value>;

const INPUTS =
  /^(plain_text_input|email_text_input|url_text_input|number_input|datepicker|timepicker|radio_buttons|checkboxes|(multi_)?(static|external|users|channels|conversations)_select)$/;

export const isInput = (element: Element): boolean => INPUTS.test(element.type);

/** The value that an element starts with. */
export function initial(element: Element): Value {
  if (element.type === "checkboxes" || element.type.startsWith("multi_")) {
    const listed = element.initial_users ?? element.initial_channels ?? element.initial_conversations;
    return listed ?? (element.initial_options ?? []).map((option) => option.value);
  }
  const picked = element.initial_user ?? element.initial_channel ?? element.initial_conversation;
  const typed = element.initial_value ?? element.initial_date ?? element.initial_time;
  return element.initial_option?.value ?? picked ?? typed ?? "";
}

/** Every element of the blocks that holds a value. */
export function inputs(blocks: Block[]): Element[] {
  const all = blocks.flatMap((block) => [
    block.element,
    block.accessory,
    ...(block.type === "actions" ? (block.elements ?? []) : []),
  ]);
  return all
    .filter((element) => element !== undefined)
    .filter((element) => element.action_id !== undefined && isInput(element));
}

/** What a form holds, by action id: what was touched, else what the elements start with. */
export function valuesOf(blocks: Block[], touched: Values): Record<string, string> {
  return Object.fromEntries(
    inputs(blocks).map((element) => [
      element.action_id ?? "",
      flat(touched[element.action_id ?? ""] ?? initial(element)),
    ]),
  );
}

/** As the workspace takes it: several values are separated by commas. */
export const flat = (value: Value): string => (Array.isArray(value) ? value.join(",") : value);
