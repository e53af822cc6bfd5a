"""What somebody pushed past everybody: what moved, who did it, and the two things one may want to do now."""

from __future__ import annotations

import json

from bot.adapters.slack_blocks.blocks import button, message, section, sections
from bot.adapters.slack_blocks.facts import cut
from bot.adapters.slack_blocks.text import SAFE_URL, Block, bold, clean, safe, units
from bot.domain.push_cards import PushLine, PushNews

PUSH_TEXT, MOST_LINES = 60, 10


def push_news(card: PushNews) -> Block:
    """`Outside SlackOps: ltv 8→9, production`, with Commit and Roll back."""
    first, *others = card.lines
    blocks = [section("\n".join((bold(headline(first, 400)), _who(card))))]
    shown = [f"• {safe(_step(one), 300)}" for one in others[:MOST_LINES]]
    left = len(others) - len(shown)
    blocks += sections([*shown, *([f"… and {left} more"] if left > 0 else [])])
    blocks.append({"type": "actions", "elements": _buttons(card)})
    return message(f"{safe(headline(first), 300)} · {_who(card)}", blocks)


def headline(line: PushLine, limit: int = PUSH_TEXT) -> str:
    """What a phone shows: a long model name gives way first."""
    head, tail = "Outside SlackOps: ", f" {_versions(line)}, {cut(clean(line.environment), 16)}"
    room = max(8, limit - units(head) - units(tail))
    return head + cut(clean(line.model), room) + tail


def _step(line: PushLine) -> str:
    return f"{line.model} {_versions(line)}, {line.environment}"


def _versions(line: PushLine) -> str:
    frm, to = cut(clean(line.frm or ""), 16), cut(clean(line.to), 16)
    return f"{frm}→{to}" if frm else to


def _who(card: PushNews) -> str:
    branch = safe(card.branch, 60)
    if card.pusher:
        return f"Pushed to {branch} by {safe('@' + card.pusher, 60)}; no review, no gates."
    author = f" by {safe(card.author, 60)}, as it says" if card.author else ""
    return f"Pushed to {branch}{author}; no review, no gates."


def _buttons(card: PushNews) -> list[Block]:
    """The commit's page, where there is one, and the way back of what was moved."""
    commit = [button("Commit", "push.commit", card.commit, url=card.url)] if SAFE_URL.fullmatch(card.url) else []
    return [*commit, _back(card.lines[0], named=len(card.lines) > 1)]


def _back(line: PushLine, *, named: bool) -> Block:
    value = json.dumps({"m": line.model, "e": line.environment}, separators=(",", ":"))
    words = f"Roll back {cut(clean(line.model), 40)}" if named else "Roll back"
    return button(words, "change.rollback", value, style="danger")
