"""Block elements: what may stand in actions, as an accessory, in an input (https://docs.slack.dev/reference/block-kit/block-elements)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_objects import (
    CONFIRM,
    DISPATCH,
    FILTER,
    ID,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    RICH_OPTION,
    SLACK_FILE,
    STYLE,
    URL,
    plain,
)
from bot.sandbox.slack.block_shapes import Fault, Rule, anything, array, boolean, exactly_one, number, record, string

Rules = dict[str, Rule]


def element(required: Rules | None = None, optional: Rules | None = None, check: Rule = anything) -> Rule:
    """An element with the two fields that all share."""
    return record({"type": anything, **(required or {})}, {"action_id": ID, **(optional or {})}, check)


def pattern(expression: str, example: str) -> Rule:
    """A string of one format."""

    def rule(value: Any, at: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            yield Fault(at, f"must be of the format {example}")

    return rule


DATE = pattern(r"\d{4}-\d{2}-\d{2}", "YYYY-MM-DD")
TIME = pattern(r"\d{2}:\d{2}", "HH:mm")
FOCUS: Rules = {"focus_on_load": boolean}
PROMPT: Rules = {**FOCUS, "placeholder": plain(150)}
PICK: Rules = {**PROMPT, "confirm": CONFIRM}
TYPING: Rules = {**PROMPT, "dispatch_action_config": DISPATCH}
MULTI: Rules = {**PICK, "max_selected_items": number}
IDS = array(ID, 1000)
STATIC: Rules = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
EITHER = exactly_one("options", "option_groups")
WHERE: Rules = {"default_to_current_conversation": boolean, "filter": FILTER}
ANSWER: Rules = {"response_url_enabled": boolean}

BUTTON = element(
    {"text": plain(75)},
    {"url": URL, "value": string(2000, 0), "style": STYLE, "confirm": CONFIRM, "accessibility_label": string(75)},
)
WORKFLOW_BUTTON = element(
    {"text": plain(75), "workflow": anything}, {"style": STYLE, "confirm": CONFIRM, "accessibility_label": string(75)}
)
IMAGE = record(
    {"type": anything, "alt_text": string(2000)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
)
CHOICES: Rules = {**FOCUS, "confirm": CONFIRM}

PICKERS: Rules = {
    "checkboxes": element({"options": array(RICH_OPTION, 10)}, {**CHOICES, "initial_options": array(RICH_OPTION, 10)}),
    "radio_buttons": element({"options": array(RICH_OPTION, 10)}, {**CHOICES, "initial_option": RICH_OPTION}),
    "datepicker": element({}, {**PICK, "initial_date": DATE}),
    "timepicker": element({}, {**PICK, "initial_time": TIME, "timezone": string(100)}),
    "datetimepicker": element({}, {**CHOICES, "initial_date_time": number}),
    "static_select": element({}, {**PICK, **STATIC, "initial_option": PLAIN_OPTION}, EITHER),
    "external_select": element({}, {**PICK, "initial_option": PLAIN_OPTION, "min_query_length": number}),
    "users_select": element({}, {**PICK, "initial_user": ID}),
    "channels_select": element({}, {**PICK, **ANSWER, "initial_channel": ID}),
    "conversations_select": element({}, {**PICK, **WHERE, **ANSWER, "initial_conversation": ID}),
    "multi_static_select": element({}, {**MULTI, **STATIC, "initial_options": array(PLAIN_OPTION, 100)}, EITHER),
    "multi_external_select": element(
        {}, {**MULTI, "initial_options": array(PLAIN_OPTION, 100), "min_query_length": number}
    ),
    "multi_users_select": element({}, {**MULTI, "initial_users": IDS}),
    "multi_channels_select": element({}, {**MULTI, "initial_channels": IDS}),
    "multi_conversations_select": element({}, {**MULTI, **WHERE, "initial_conversations": IDS}),
}
RICH_TEXT_INPUT = element({}, {**TYPING, "initial_value": anything, "min_lines": number, "max_lines": number})
OVERFLOW = element({"options": array(OVERFLOW_OPTION, 5)}, {"confirm": CONFIRM})
LENGTHS: Rules = {"min_length": number, "max_length": number}
RANGE: Rules = {"min_value": string(100), "max_value": string(100)}

INPUTS: Rules = {
    **PICKERS,
    "rich_text_input": RICH_TEXT_INPUT,
    "plain_text_input": element({}, {**TYPING, **LENGTHS, "multiline": boolean, "initial_value": string(3000, 0)}),
    "email_text_input": element({}, {**TYPING, "initial_value": string(3000, 0)}),
    "url_text_input": element({}, {**TYPING, "initial_value": string(3000, 0)}),
    "number_input": element({"is_decimal_allowed": boolean}, {**TYPING, **RANGE, "initial_value": string(100, 0)}),
    "file_input": element({}, {"filetypes": array(string(20), 100), "max_files": number}),
}
ACTIONS: Rules = {
    **PICKERS,
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
    "rich_text_input": RICH_TEXT_INPUT,
}
ACCESSORIES: Rules = {
    **PICKERS,
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
    "image": IMAGE,
}
VERDICT = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
CONTEXT_ACTIONS: Rules = {
    "feedback_buttons": element({"positive_button": VERDICT, "negative_button": VERDICT}),
    "icon_button": element(
        {"icon": string(100), "text": plain(75)},
        {
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": array(ID, 100),
        },
    ),
}
