"""What people type and choose: the state of interactive elements, in Slack's shapes."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack.blockkit import elements_of

Element = dict[str, Any]
Values = dict[str, dict[str, dict[str, Any]]]
# element type -> (key of its state, key of its initial state)
STATEFUL = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
REQUIRED = "Please complete this required field."
FORMATS = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Please enter a valid email address."),
    "url_text_input": (r"https?://\S+", "Please enter a valid URL."),
    "number_input": (r"-?\d+(\.\d+)?", "Please enter a valid number."),
}


def options(element: Element) -> list[Element]:
    """All options of a menu, those of its groups included."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for group in groups for o in group["options"])]


def option(element: Element, value: str) -> Element:
    """The option with this value; a menu that loads its options takes any. Raises LookupError."""
    if element["type"].endswith("external_select"):
        known = [*element.get("loaded", ()), *as_list(element.get("initial_option") or element.get("initial_options"))]
        plain = {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
        return next((o for o in known if o["value"] == value), plain)
    found = next((o for o in options(element) if o.get("value") == value), None)
    if found is None:
        raise LookupError(f"{element.get('action_id')} has no option {value!r}")
    return found


def as_list(value: Any) -> list[Any]:
    """Itself as a list, an empty one for nothing."""
    return value if isinstance(value, list) else [value] if value else []


def chosen(element: Element, value: str | None) -> dict[str, Any]:
    """The state after this was typed or chosen; several values are separated by commas, None is nothing.

    Raises LookupError for an option that is not there.
    """
    kind = element["type"]
    key = STATEFUL[kind][0]
    if value is None or value == "":
        return {"type": kind, key: [] if key.endswith("s") else None}
    if key == "selected_options":
        return {"type": kind, key: [option(element, v) for v in value.split(",")]}
    if key == "selected_option":
        return {"type": kind, key: option(element, value)}
    if key.endswith("s") and key != "value":
        return {"type": kind, key: value.split(",")}
    return {"type": kind, key: int(value) if key == "selected_date_time" else value}


def initial(element: Element) -> dict[str, Any]:
    """The state before anybody touched it."""
    key, start = STATEFUL[element["type"]]
    return {"type": element["type"], key: element.get(start) or ([] if key.endswith("s") else None)}


def find(blocks: list[Element], action_id: str, value: str | None = None) -> tuple[Element, Element]:
    """The block and the element with this action_id; among several, the one with this value. Raises LookupError."""
    named = [(b, e) for b in blocks for _, e in elements_of(b) if e.get("action_id") == action_id]
    exact = [(b, e) for b, e in named if value is not None and e.get("value") == value]
    if not named:
        raise LookupError(f"no element {action_id!r}")
    return (exact or named)[0]


def state(blocks: list[Element], entered: Values) -> Values:
    """state.values of a message or view: what was entered, else the initial state, of every stateful element."""
    values: Values = {}
    for block in blocks:
        for _, element in elements_of(block):
            if element.get("type") in STATEFUL:
                mine = entered.get(block["block_id"], {}).get(element["action_id"]) or initial(element)
                values.setdefault(block["block_id"], {})[element["action_id"]] = mine
    return values


def faults(blocks: list[Element], values: Values) -> dict[str, str]:
    """What Slack's client refuses to send, by block_id: empty required inputs, lengths, formats."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            entry = values[block["block_id"]][element["action_id"]][STATEFUL[element["type"]][0]]
            if wrong := fault(element, entry, required=not block.get("optional")):
                found[block["block_id"]] = wrong
    return found


def fault(element: Element, entry: Any, *, required: bool) -> str | None:
    """What is wrong with one entry, or None."""
    if not entry:
        return REQUIRED if required else None
    if isinstance(entry, str):
        if len(entry) > element.get("max_length", len(entry)):
            return f"Please use at most {element['max_length']} characters."
        if len(entry) < element.get("min_length", 0):
            return f"Please use at least {element['min_length']} characters."
    expression, words = FORMATS.get(element["type"], ("", ""))
    return words if expression and not re.fullmatch(expression, str(entry)) else None
