"""A change's card after the merge: how its rollout goes, and what one tap can do about it."""

from __future__ import annotations

import json

from bot.adapters.slack_blocks.blocks import button, context, section, sections
from bot.adapters.slack_blocks.facts import asked_by, cut, details_link, edit_lines, pull_link
from bot.adapters.slack_blocks.ladder import abort_question
from bot.adapters.slack_blocks.stops import stop_buttons
from bot.adapters.slack_blocks.text import Block, clean, date, mention, safe, sentence
from bot.adapters.slack_blocks.timing import glass_lines, settle_buttons
from bot.adapters.slack_blocks.waivers import waiver_lines
from bot.domain.cards import ChangeCard, Stage

AFTER = frozenset(
    {
        Stage.SYNCING,
        Stage.PROGRESSING,
        Stage.LIVE,
        Stage.DEGRADED,
        Stage.FAILED,
        Stage.SILENT,
        Stage.STALLED,
        Stage.REPLACED,
    }
)
_LADDER = {"pause": "Pause", "resume": "Resume", "next": "Next step now", "abort": "Abort"}
MOST_BUTTONS = 3


def is_after(card: ChangeCard) -> bool:
    """Whether this card tells of a rollout: merged, and watched or to be watched."""
    return card.stage in AFTER or (card.stage is Stage.MERGED and bool(card.times))


def rollout_blocks(card: ChangeCard, head: str) -> list[Block]:
    """The blocks of the card; ``head`` is its first line."""
    blocks = [section(head), *context(*_asked(card))]
    blocks += sections([sentence(card.note), sentence(card.serving), *glass_lines(card)])
    blocks += context("\n".join(waiver_lines(card.waivers)))
    blocks += context(_times(card))
    blocks += sections(edit_lines(card.edits))
    blocks += context(f"{mention(card.owner)} is on it." if card.owner else "")
    elements = _buttons(card)
    return [*blocks, {"type": "actions", "elements": elements}] if elements else blocks


def _asked(card: ChangeCard) -> tuple[str, str, str]:
    return who_asked(card), pull_link(card.number, card.url), details_link(card.details)


def who_asked(card: ChangeCard) -> str:
    """Who asked, and why; where a rule did, who joined since."""
    people = [mention(person) for person in card.requesters]
    if not card.by_rule:
        return asked_by(people, card.reason)
    why = f" “{safe(card.reason, 300)}”" if card.reason else ""
    return f"{sentence(card.by_rule)}{why}{f' {asked_by(people, None)} too.' if people else ''}"


def _times(card: ChangeCard) -> str:
    return " · ".join(f"{safe(name, 20)} {date(at)}" for name, at in card.times)


def _buttons(card: ChangeCard) -> list[Block]:
    """At most three: while it is bad, going back comes first; else a ladder is steered, what was left is stopped."""
    bad = card.stage in (Stage.DEGRADED, Stage.FAILED)
    back = [back_button(card.change, card.back_to, urgent=bad)] if card.back_to else []
    take = [take_on_button(card.change)] if card.can_take_on and card.owner is None else []
    steer = [_ladder_button(card, do) for do in card.ladder]
    settle = settle_buttons(card)
    found = [*back, *take, *settle, *steer] if bad else steer or [*settle, *stop_buttons(card)] or back
    return found[:MOST_BUTTONS]


def _ladder_button(card: ChangeCard, do: str) -> Block:
    value = json.dumps({"c": card.change}, separators=(",", ":"))
    if do == "abort":
        return button(_LADDER[do], "ladder.abort", value, style="danger", confirm=abort_question(card))
    return button(_LADDER[do], f"ladder.{do}", value)


def back_button(change: str, back_to: str, *, urgent: bool) -> Block:
    """`Roll back to 41`: it shows what would happen, and asks."""
    value = json.dumps({"c": change}, separators=(",", ":"))
    style = {"style": "danger"} if urgent else {}
    return button(f"Roll back to {cut(clean(back_to), 40)}", "change.rollback", value, **style)


def take_on_button(change: str) -> Block:
    """`I'm on it`."""
    return button("I'm on it", "change.take_on", json.dumps({"c": change}, separators=(",", ":")))
