import type { Element, Option, State } from "../types";

const option = (value: string, text: string): Option => ({ value, text: { type: "plain_text", text } });

/** The options of a select, those that Slack itself knows (people, channels) included, by group. */
export function optionGroups(element: Element, state: State): { label: string; options: Option[] }[] {
  if (element.type.includes("users_select")) {
    return [{ label: "", options: state.users.map((user) => option(user.id, user.real_name || user.name)) }];
  }
  if (/channels_select|conversations_select/.test(element.type)) {
    return [{ label: "", options: state.channels.map((channel) => option(channel.id, `#${channel.name}`)) }];
  }
  if (element.option_groups)
    return element.option_groups.map((group) => ({ label: group.label.text, options: group.options }));
  return [{ label: "", options: element.options ?? [] }];
}
