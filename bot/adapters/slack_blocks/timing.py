"""On a change's card: when it may merge, the Merge button, and what broke the glass."""

from __future__ import annotations

import json

from bot.adapters.slack_blocks.blocks import button, confirm
from bot.adapters.slack_blocks.facts import cut
from bot.adapters.slack_blocks.text import Block, clean, date, mention, safe, sentence
from bot.domain.cards import ChangeCard, Stage
from bot.domain.change import Glass


def timing_lines(card: ChangeCard) -> list[str]:
    """`Merges tomorrow 09:00 (window).`, in the reader's own time zone; and that it broke the glass."""
    at, behind = card.timing.clear_at, safe(card.timing.behind, 60)
    lines = []
    if at is not None and not card.held:
        verb = "Merges" if card.stage is Stage.APPROVED else "May merge from"
        lines.append(f"{verb} {date(at)}{f' ({behind})' if behind else ''}.")
    return [*lines, *glass_lines(card)]


def glass_lines(card: ChangeCard) -> list[str]:
    """Who broke it and why; who looked at it since, or by when somebody must."""
    glass = card.timing.glass
    if glass is None:
        return []
    first = f"*Broke the glass*: {mention(glass.by)}, with nobody's approval: {sentence(glass.reason, 300)}"
    return [first, _debt(glass)]


def _debt(glass: Glass) -> str:
    if glass.settled_at is not None:
        who = mention(glass.settled_by) if glass.settled_by else safe(glass.settled_login or "somebody", 60)
        return f"{who} reviewed it {date(glass.settled_at)}."
    if glass.due_at is None:
        return "A second person must review it after the merge."
    by = f"A second person must review it by {date(glass.due_at)}"
    return f"{by}; otherwise promotions of the model stop until one has."


def settle_buttons(card: ChangeCard) -> list[Block]:
    """`I reviewed it`, for a second person, once it is merged."""
    glass = card.timing.glass
    if glass is None or glass.settled_at is not None or glass.due_at is None:
        return []
    question = confirm(
        "Did you review it?",
        f"You vouch for {_what(card)}, which was merged with nobody's approval.",
        "I reviewed it",
    )
    value = json.dumps({"c": card.change}, separators=(",", ":"))
    return [button("I reviewed it", "glass.settle", value, confirm=question)]


def merge_button(card: ChangeCard) -> Block:
    """`Merge`, where the environment does not merge by itself."""
    value = json.dumps({"c": card.change, "d": card.digest}, separators=(",", ":"))
    question = confirm(
        f"Merge {_what(card)}?", "It is approved, and its gates pass. It is merged in your name.", "Merge"
    )
    return button("Merge", "change.merge", value, style="primary", confirm=question)


def _what(card: ChangeCard) -> str:
    where = cut(clean(card.environment), 30)
    return f"{cut(clean(card.model), 40)} {cut(clean(card.to), 20)} in {where}"
