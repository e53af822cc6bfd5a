"""The few blocks that the cards are made of, within Slack's limits (https://docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from bot.adapters.slack_blocks.text import Block, clip, label, mrkdwn, paragraphs, units

CONTEXT_PARTS, TEXT, CHARS = 10, 3900, 7000
SHORTENED = "Shortened: there is more than a message holds."


_QUOTE = re.compile(r"^&gt;", re.MULTILINE)


def section(text: str) -> Block:
    """A paragraph of mrkdwn that is safe already. ``text`` must not be empty. No line of it becomes a quote."""
    return {"type": "section", "text": mrkdwn(_QUOTE.sub("›", text))}


def fenced(text: str) -> Block:
    """A code block of text that is escaped already and has no backticks."""
    return {"type": "section", "text": mrkdwn(f"```\n{text}\n```"), "expand": True}


def context(*parts: str) -> list[Block]:
    """A small grey line; empty parts are left out, and so is the block when nothing is left."""
    shown = [part for part in parts if part.strip()][:CONTEXT_PARTS]
    return [{"type": "context", "elements": [mrkdwn(_QUOTE.sub("›", part)) for part in shown]}] if shown else []


def sections(lines: Iterable[str], limit: int = 2900) -> Iterator[Block]:
    """As few sections as hold these lines."""
    held: list[str] = []
    used = 0
    for line in lines:
        if not line.strip():
            continue
        if held and used + units(line) + 1 > limit:
            yield section("\n".join(held))
            held, used = [], 0
        held.append(line)
        used += units(line) + 1
    if held:
        yield section("\n".join(held))


def next_step(unblock: str | None) -> list[Block]:
    """What would let it through, where that is known."""
    words = paragraphs(unblock or "", 800)
    return [section(f"Next: {words}")] if words else []


def button(text: str, action_id: str, value: str, **more: object) -> Block:
    """A button; the value comes back with the click."""
    return {"type": "button", "action_id": action_id, "text": label(text, 75), "value": value, **more}


def confirm(title: str, text: str, yes: str, no: str = "Cancel", *, danger: bool = False) -> Block:
    """The question asked before something happens."""
    words = {"title": label(title, 100), "text": label(text, 300), "confirm": label(yes, 30), "deny": label(no, 30)}
    return {**words, "style": "danger" if danger else "primary"}


def option(text: str, value: str, url: str | None = None) -> Block:
    """One entry of a select or an overflow menu."""
    return {"text": label(text, 75), "value": value, **({"url": url} if url else {})}


def message(text: str, blocks: Iterable[Block]) -> Block:
    """Fallback text, which is the push text, and blocks. ``text`` is safe already.

    What would make the message longer than Slack takes is left out and said so; what can be clicked always stays.
    """
    return {"text": clip(text, TEXT, entities=False), "blocks": list(_fitting(list(blocks)))}


def _fitting(blocks: list[Block]) -> Iterator[Block]:
    used, cut = 0, False
    for block in blocks:
        if block["type"] == "actions":
            yield from _shortened(block) if cut else ()
            cut = False
            yield block
            continue
        used += _weight(block)
        cut = cut or used > CHARS
        if used <= CHARS:
            yield block
    if cut:
        yield from context(SHORTENED)


def _shortened(actions: Block) -> list[Block]:
    """Where the rest is: a card that can be decided has a pull request."""
    change = '"change.approve"' in json.dumps(actions)
    return context("Shortened: the rest is in the pull request." if change else SHORTENED)


def _weight(value: object) -> int:
    """Units of text in a block, however deep."""
    if isinstance(value, dict):
        return sum(units(v) if k == "text" and isinstance(v, str) else _weight(v) for k, v in value.items())
    return sum(_weight(item) for item in value) if isinstance(value, list) else 0
