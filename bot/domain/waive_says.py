"""What the thread of a change's card says of its waivers."""

from __future__ import annotations

from bot.domain.facts import Verdict
from bot.domain.people import Person
from bot.domain.reconcile_actions import Say
from bot.domain.snapshot import Snapshot
from bot.domain.waive_cards import given_event, withdrawn_event


def waiver_says(seen: Snapshot) -> list[Say]:
    """Each once. The id of a waiver begins with that of the row that asked for it."""
    approved = _approved(seen)
    says = []
    for one in seen.change.waivers:
        others = tuple(person for person in approved if person != one.by)
        says.append(Say(f"waived:{one.id}", given_event(one, others)))
        if one.withdrawn_by is not None:
            says.append(Say(f"unwaived:{one.id}", withdrawn_event(one)))
    return says


def _approved(seen: Snapshot) -> tuple[Person, ...]:
    """Those whose approval counts: they looked at a change in which the gate still stood."""
    lines = (line for line in seen.tally.lines if line.counts and line.verdict == Verdict.APPROVED.value)
    return tuple(dict.fromkeys(line.person for line in lines if line.person))
