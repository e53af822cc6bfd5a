"""What breaking the glass means: a merge with nobody's approval, and a debt until a second person has looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.cards import ThreadNews
from bot.domain.change import Change, ChangeState, Glass, Remark
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from bot.domain.wording import step

GATE = "break-glass"
ROLE = "break_glass"
LABEL = "break-glass"


def broken(change: Change, by: Person, reason: str, row: str) -> Change:
    """The change, marked for good, by the row that asked for it."""
    remark = Remark(f"glass:{row}", f"broke the glass: {reason}", by)
    if remark.mark in {one.mark for one in change.remarks}:
        return change
    glass = Glass(by, reason, digest=change.intent.digest)
    return replace(change, glass=glass, remarks=(*change.remarks, remark))


def owed(change: Change) -> bool:
    """Whether it was merged and nobody else has looked at it."""
    merged = change.state in (ChangeState.WATCHING, ChangeState.MERGED)
    return merged and change.glass is not None and change.glass.settled_at is None


def due_at(change: Change, within: float) -> float:
    """When somebody must have looked: so many seconds after the merge."""
    return (change.merged_at if change.merged_at is not None else change.created_at) + within


def is_overdue(change: Change, now: float) -> bool:
    """Whether the time for that is over."""
    glass = change.glass
    return owed(change) and glass is not None and glass.due_at is not None and now >= glass.due_at


def debt_gates(debts: Iterable[Change], now: float) -> tuple[GateResult, ...]:
    """What keeps promotions of a model back: each that broke the glass and nobody reviewed in time."""
    return tuple(
        GateResult(
            GATE, GateState.FAIL, f"nobody reviewed #{one.number} in time", "a second person's review", waits=True
        )
        for one in debts
        if is_overdue(one, now)
    )


def settled(change: Change, person: Person | None, login: str | None, at: float) -> Change:
    """The change with its debt paid. A second payment changes nothing."""
    if change.glass is None or change.glass.settled_at is not None:
        return change
    glass = replace(change.glass, settled_by=person, settled_login=login, settled_at=at)
    who = "" if person else f"{login} "
    remark = Remark(f"glass-settled:{change.id}", f"{who}reviewed what broke the glass", person)
    return replace(change, glass=glass, remarks=(*change.remarks, remark))


def overdue_news(change: Change, notify: tuple[str, ...]) -> ThreadNews:
    """What calls those who must see to it."""
    text = (
        f"Nobody but whoever broke the glass has reviewed #{change.number}. "
        "Until a second person presses `I reviewed it`, or approves the pull request, "
        f"nothing of {change.intent.model} is promoted; rollbacks go on."
    )
    return ThreadNews(f"Not reviewed in time: {step(change.intent)}", text, notify, broadcast=True)
