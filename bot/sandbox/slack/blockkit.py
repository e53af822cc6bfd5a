"""Slack's verdict on the blocks of a message and on a view, in its own wording.

Limits: https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/reference/views. Where the typings leave a
field optional that the reference demands (a confirmation dialog's title, say), the reference is followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.block_objects import plain
from bot.sandbox.slack.block_shapes import Fault, Rule, anything, array, boolean, enum, record, string
from bot.sandbox.slack.block_types import IN_MESSAGE, IN_VIEW

MESSAGE_BLOCKS, VIEW_BLOCKS, MESSAGE_CHARS = 50, 100, 13_200

COMMON: dict[str, Rule] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
MODAL = record(
    {"type": enum("modal"), "title": plain(24), "blocks": array(IN_VIEW, VIEW_BLOCKS, 0)},
    {
        **COMMON,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = record({"type": enum("home"), "blocks": array(IN_VIEW, VIEW_BLOCKS, 0)}, {**COMMON, "title": anything})


def message_faults(blocks: Any, at: str = "/blocks") -> list[Fault]:
    """Everything that Slack would refuse in the blocks of a message; empty when they are sound."""
    faults = list(array(IN_MESSAGE, MESSAGE_BLOCKS, 0)(blocks, at))
    return faults or [*identity_faults(blocks, at), *table_faults(blocks, at)]


def view_faults(view: Any, at: str = "/view") -> list[Fault]:
    """Everything that Slack would refuse in a modal or an App Home view."""
    if not isinstance(view, dict):
        return [Fault(at, "must provide an object")]
    faults = list((HOME if view.get("type") == "home" else MODAL)(view, at))
    return faults or [*identity_faults(view["blocks"], f"{at}/blocks"), *submit_faults(view, at)]


def elements_of(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The interactive elements of a block, each with its pointer inside the block."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield f"/{name}", block[name]
    for index, item in enumerate(block.get("elements") or []):
        yield f"/elements/{index}", item
    for index, child in enumerate(block.get("child_blocks") or []):
        for where, item in elements_of(child):
            yield f"/child_blocks/{index}{where}", item


def identity_faults(blocks: list[dict[str, Any]], at: str) -> Iterator[Fault]:
    """A block_id is unique in its message, an action_id in its block; one element at most takes the focus."""
    seen: set[str] = set()
    focused = 0
    for index, block in enumerate(blocks):
        if block.get("block_id") in seen:
            yield Fault(f"{at}/{index}/block_id", f"`block_id` {block['block_id']} already exists")
        seen.update({block["block_id"]} if block.get("block_id") else ())
        actions: set[str] = set()
        for where, element in elements_of(block):
            action = element.get("action_id")
            if action in actions:
                yield Fault(f"{at}/{index}{where}/action_id", f"`action_id` {action} already exists in this block")
            actions.update({action} if action else ())
            focused += element.get("focus_on_load") is True
    if focused > 1:
        yield Fault(at, "only one element can have `focus_on_load` set")


def table_faults(blocks: list[dict[str, Any]], at: str) -> Iterator[Fault]:
    """One table a message, and 12,000 characters in all markdown blocks together."""
    if sum(block["type"] == "table" for block in blocks) > 1:
        yield Fault(at, "only_one_table_allowed")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > 12_000:
        yield Fault(at, "must be less than 12001 characters in all markdown blocks")


def submit_faults(view: dict[str, Any], at: str) -> Iterator[Fault]:
    """A modal that asks for input needs a submit button."""
    asks = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and asks and not view.get("submit"):
        yield Fault(at, "missing required field: submit")


def text_chars(value: Any) -> int:
    """Characters of text that a reader would see in these blocks."""
    if isinstance(value, list):
        return sum(text_chars(item) for item in value)
    if not isinstance(value, dict):
        return 0
    return sum(len(v) if k == "text" and isinstance(v, str) else text_chars(v) for k, v in value.items())
