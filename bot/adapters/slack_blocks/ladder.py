"""Steps of traffic on a card: the share in the head, and the questions before a step and before an abort."""

from __future__ import annotations

from bot.adapters.slack_blocks.blocks import confirm
from bot.adapters.slack_blocks.facts import cut
from bot.adapters.slack_blocks.text import Block, clean
from bot.domain.cards import ChangeCard
from bot.domain.change import Action


def share(card: ChangeCard) -> str:
    """` 10 %` behind the versions, where the change is a step up."""
    return f" {card.percent} %" if card.percent or (card.percent == 0 and card.action is Action.PROMOTE) else ""


def ladder_question(card: ChangeCard) -> Block:
    """Before Approve: which version gets which share."""
    comes = card.frm if card.percent == 0 and card.action is Action.STEP else card.to
    what, where = f"{_name(card)} {_version(comes)}", cut(clean(card.environment), 30)
    text = f"{what} will get {card.percent} % of the traffic of {where}. Your review is sent to GitHub in your name."
    return confirm(f"Approve {what} at {card.percent} % in {where}?", text, "Approve")


def abort_question(card: ChangeCard) -> Block:
    """Before Abort: which version loses its traffic."""
    what, where = f"{_name(card)} {_version(card.to)}", cut(clean(card.environment), 30)
    text = f"{what} will get no traffic in {where} any more, and then goes. Your yes counts as your approval."
    return confirm(f"Abort the steps of {what} in {where}?", text, "Abort")


def _name(card: ChangeCard) -> str:
    return cut(clean(card.model), 40)


def _version(version: str | None) -> str:
    return cut(clean(version or ""), 20)
