"""Waivers as they are told: a line on the card for good, and what the card's thread says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.change import Waiver
from bot.domain.gates import GateResult
from bot.domain.notice_cards import ThreadEvent
from bot.domain.people import Person


@dataclass(frozen=True)
class WaiverLine:
    """One waiver. ``ended`` says in words why it holds no more, or is not needed; empty where it lets the gate pass."""

    gate: str
    by: Person
    reason: str
    ended: str = ""
    withdrawn_by: Person | None = None


def waiver_lines(waivers: Sequence[Waiver], digest: str, gates: Sequence[GateResult] | None) -> tuple[WaiverLine, ...]:
    """Every waiver that a change ever had. ``gates`` are those that judge it now, by their full names; None where they
    judge it no more, because it is merged."""
    return tuple(
        WaiverLine(one.gate, one.by, one.reason, why_ended(one, digest, gates), one.withdrawn_by) for one in waivers
    )


def why_ended(waiver: Waiver, digest: str, gates: Sequence[GateResult] | None) -> str:
    """Why a waiver lets nothing pass now; empty where it does."""
    if waiver.withdrawn_by is not None:
        return "withdrawn"
    if waiver.digest != digest:
        return "ended: the change means something else since"
    standing = gates is None or any(one.waiver == waiver for one in gates)
    return "" if standing else _by_gates(waiver, [one for one in gates or () if one.name == waiver.gate])


def _by_gates(waiver: Waiver, named: Sequence[GateResult]) -> str:
    if not named:
        return "ended: no such gate judges it now"
    if all(one.asks != waiver.asks for one in named):
        return "ended: the gate asks for something else since"
    if any(one.waived for one in named):
        return "ended: another one has taken its place"
    if any(one.holds_up for one in named):
        return "ended: whoever gave it is not in the role now, or asks for the change"
    return "not needed: the gate lets it pass by itself"


def given_event(waiver: Waiver, approved: Sequence[Person]) -> ThreadEvent:
    """What the thread says of it. Those who approved already are called: what they looked at is not all by now."""
    facts = f" ({'; '.join(part for part in (waiver.observed, f'needs {waiver.required}') if part)})"
    look = " Your approval still counts; look again." if approved else ""
    why = waiver.reason.rstrip(".")
    return ThreadEvent(f"waived {waiver.gate}{facts}: {why}.{look}", waiver.by, tuple(approved))


def withdrawn_event(waiver: Waiver) -> ThreadEvent:
    """The same of its end, where a person ended it."""
    return ThreadEvent(f"withdrew the waiver of {waiver.gate}", waiver.withdrawn_by)
