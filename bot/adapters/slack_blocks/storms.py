"""Storms: the card of many incidents, and the list of them all."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

from bot.adapters.slack_blocks.blocks import CHARS, button, context, message, option, section, sections
from bot.adapters.slack_blocks.text import Block, bold, called, date, mention, safe, units
from bot.domain.figures import figure
from bot.domain.storm_cards import StormCard, StormLine, StormList
from bot.domain.storm_words import cause_words, headline

OWNERS, LISTED = 10, CHARS - 500
NOTHING = "Nothing was rolled back, and nothing is retrained: many at once seldom have their cause in the models."


def storm_card(card: StormCard) -> Block:
    """`Drift: 34 models since 14:05`, what they share, and what can be done about all of them."""
    calls = " ".join(one for one in (called(entry) for entry in card.notify) if one)
    head = f"{bold(headline(card))} since {date(card.since)}"
    counts = ", ".join(f"{count} {state.value}" for state, count in card.counts)
    blocks = [section("\n".join(part for part in (head, calls if card.over is None else "") if part))]
    blocks += sections([safe(cause_words(card.cause), 600), counts])
    blocks += sections(_line(one) for one in card.lines)
    blocks += context(*_notes(card))
    blocks += [{"type": "actions", "elements": _buttons(card)}]
    return message(f"{safe(headline(card))} · {safe(cause_words(card.cause), 200)}", blocks)


def storm_list(card: StormList) -> Block:
    """Every incident in a line."""
    count = f"{len(card.lines) + card.left} incidents"
    shown = _fitting([_line(one) for one in card.lines])
    rest = len(card.lines) + card.left - len(shown)
    left = f"… and {rest} more: `/drift MODEL` shows those of a model." if rest else ""
    return message(count, [section(f"{bold(count)} since {date(card.since)}"), *sections(shown), *context(left)])


def _fitting(lines: list[str]) -> list[str]:
    """As many of the first ones as a message holds beside its other words."""
    used = itertools.accumulate(units(line) + 1 for line in lines)
    return [line for line, so_far in zip(lines, used, strict=True) if so_far <= LISTED]


def _notes(card: StormCard) -> Iterator[str]:
    shown = sum(count for state, count in card.counts if state.value != "resolved") - len(card.lines)
    if shown > 0:
        yield f"… and {shown} more"
    if card.owners:
        more = f" +{len(card.owners) - OWNERS} more" if len(card.owners) > OWNERS else ""
        yield f"On it: {' '.join(mention(one) for one in card.owners[:OWNERS])}{more}"
    if card.over is None:
        yield NOTHING
    else:
        yield f"All resolved at {date(card.over)}."
    if card.quiet:
        yield f"Of {card.quiet} nothing new was told for days: their monitors may be gone."
    if card.instead_of:
        yield f"Meant for {safe(card.instead_of, 100)}, where the bot cannot write."


def _line(one: StormLine) -> str:
    score = f" · score {figure(one.score, 3)}" if one.score is not None else ""
    notes = [" · critical" if one.critical else "", f" · {one.state.value}" if one.state.value != "open" else ""]
    until = f" until {date(one.until)}" if one.until is not None else ""
    owner = f" · {mention(one.owner)}" if one.owner else ""
    worst = f" · {safe(one.worst, 160)}" if one.worst else ""
    place = f"{bold(one.model, 100)}, {safe(one.environment, 60)}"
    return f"• {place}: {safe(one.aspect, 40)}{score}{''.join(notes)}{until}{worst}{owner}"


def _buttons(card: StormCard) -> list[Block]:
    value = json.dumps({"st": card.storm}, separators=(",", ":"))
    listed = button("List", "storm.list", value)
    if card.over is not None:
        return [listed]
    buttons = [button("I'm on it", "storm.take", value), button("Snooze all", "storm.snooze", value), listed]
    return [*buttons, *([_silent(card)] if card.quiet else [])]


def _silent(card: StormCard) -> Block:
    value = json.dumps({"st": card.storm, "do": "close"}, separators=(",", ":"))
    words = f"Over: the {card.quiet} that nobody tells of"
    return {"type": "overflow", "action_id": "storm.more", "options": [option(words, value)]}
