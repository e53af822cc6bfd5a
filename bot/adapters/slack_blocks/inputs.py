"""What every modal is made of: its frame, text inputs and selects (https://docs.slack.dev/reference/views)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.adapters.slack_blocks.blocks import option
from bot.adapters.slack_blocks.text import Block, clip, label, units
from bot.domain.forms import Choice

TITLE, CHOICES = 24, 100
REASON, VERSION, COMMENT = 500, 101, 2000


def modal(title: str, callback_id: str, blocks: list[Block], submit: str = "", **metadata: str) -> Block:
    """A modal; it has a submit button only where there is something to submit."""
    shown = {k: v for k, v in metadata.items() if v}
    view: Block = {"type": "modal", "title": label(title, TITLE, "SlackOps"), "callback_id": callback_id}
    view |= {"private_metadata": json.dumps(shown, separators=(",", ":")), "blocks": blocks}
    close = label("Cancel" if submit else "Close", TITLE)
    return {**view, "close": close, **({"submit": label(submit, TITLE)} if submit else {})}


def field(
    name: str,
    title: str,
    initial: str | None,
    limit: int,
    *,
    optional: bool = False,
    multiline: bool = False,
    hint: str = "",
) -> Block:
    """A text input; its block and its action both have the field's name."""
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": limit, "multiline": multiline}
    if initial:
        element["initial_value"] = clip(initial, limit, entities=False)
    return _input(name, title, element, optional=optional, hint=hint)


def pick(name: str, title: str, choices: Sequence[Choice], initial: str | None, *, optional: bool = False) -> Block:
    """A select; a text input where there is nothing to choose from or more than a select holds."""
    options = {c.value: option(c.text or c.value, c.value) for c in choices if 0 < units(c.value) <= 150}
    if not 0 < len(options) <= CHOICES:
        return field(name, title, initial, 150, optional=optional)
    element: Block = {"type": "static_select", "action_id": name, "options": list(options.values())}
    if initial in options:
        element["initial_option"] = options[initial]
    return _input(name, title, element, optional=optional)


def _input(name: str, title: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    block: Block = {"type": "input", "block_id": name, "label": label(title, 200), "element": element}
    return {**block, "optional": optional, **({"hint": label(hint, 200)} if hint else {})}
