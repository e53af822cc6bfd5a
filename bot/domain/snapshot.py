"""What the reconciler sees of one change: the change as it is recorded, and the world as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.approvals import Tally
from bot.domain.cards import MetricLine, Stage
from bot.domain.change import Change, ChangeState, Intent
from bot.domain.facts import Pull
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person

ENDED = {
    ChangeState.SUPERSEDED: Stage.SUPERSEDED,
    ChangeState.OBSOLETE: Stage.OBSOLETE,
    ChangeState.CLOSED: Stage.CLOSED,
}


class Content(StrEnum):
    """What the branch holds. ``foreign``: more or something else than the change."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Snapshot:
    """One change and its surroundings. ``today``: the intent on today's base; None when it cannot be rendered."""

    change: Change
    pull: Pull
    base_head: str
    today: Intent | None
    problem: str
    content: Content
    gates: tuple[GateResult, ...]
    tally: Tally
    metrics: tuple[MetricLine, ...]
    auto_merge: bool
    merge_method: str
    approvers: tuple[str, ...]
    notify_blocked: tuple[str, ...]
    situation: str
    now: float
    requester_counts: bool = False
    branch_exists: bool = True
    run_id: str | None = None
    successor: Change | None = None

    @property
    def held(self) -> Person | None:
        """Who holds the change back, if anybody."""
        return self.change.held_by

    @property
    def stuck(self) -> tuple[GateResult, ...]:
        """The gates that keep it from merging."""
        return tuple(gate for gate in self.gates if gate.holds_up)

    @property
    def failed(self) -> tuple[GateResult, ...]:
        """The gates that keep it from merging and will not pass by waiting."""
        return tuple(gate for gate in self.stuck if gate.state is GateState.FAIL)


def stage(seen: Snapshot) -> Stage:
    """The word that stands on the card; the first that fits."""
    if seen.pull.merged:
        return Stage.MERGED
    if seen.change.state in ENDED:
        return ENDED[seen.change.state]
    if seen.change.superseded_by:
        return Stage.SUPERSEDED
    if seen.today is not None and not seen.today.edits:
        return Stage.OBSOLETE
    if seen.pull.state == "closed":
        return Stage.CLOSED
    return _open_stage(seen)


def _open_stage(seen: Snapshot) -> Stage:
    if seen.held:
        return Stage.HELD
    if seen.today is None or seen.content is not Content.OURS or seen.failed or seen.tally.objections:
        return Stage.BLOCKED
    if not seen.tally.complete:
        return Stage.REVIEW
    if seen.stuck or not seen.auto_merge or seen.change.merge_refusal:
        return Stage.APPROVED
    return Stage.MERGING


def note(seen: Snapshot, at: Stage) -> str:  # noqa: PLR0911  (a table of stages reads best as one)
    """The one sentence under the headline: what it waits for, or how it ended."""
    change = seen.change
    match at:
        case Stage.MERGED:
            return "On the default branch. No rollout engine is declared, so SlackOps stops watching here."
        case Stage.SUPERSEDED:
            number = seen.successor.number if seen.successor else None
            return f"Superseded by #{number}." if number else "Superseded by a newer change."
        case Stage.OBSOLETE:
            return f"{change.intent.environment} pins {change.intent.to} already, by another way."
        case Stage.CLOSED:
            why = f": {change.close_reason}" if change.close_reason else ""
            return f"The pull request was closed{why}." if change.closed_by else f"Closed on the forge{why}."
        case Stage.HELD:
            return f"On hold: {change.hold_reason or 'no reason given'}."
        case Stage.BLOCKED:
            return blocker(seen)
        case Stage.APPROVED:
            return _approved_note(seen)
        case _:
            return _waiting(seen)


def blocker(seen: Snapshot) -> str:
    """Why it cannot go on, and what would let it."""
    if seen.today is None:
        return seen.problem or "The target cannot be read."
    if seen.content is Content.FOREIGN:
        return "The branch holds more than this change. Take the other commits out, or close it and ask again."
    if seen.content is Content.UNKNOWN:
        return "The branch cannot be read yet."
    if seen.failed:
        gate = seen.failed[0]
        return f"{gate.name}: {gate.observed}; needs {gate.required}."
    return f"{', '.join(seen.tally.objections)} asked for changes."


def _approved_note(seen: Snapshot) -> str:
    if seen.stuck:
        return _waiting(seen)
    if seen.change.merge_refusal:
        return f"The forge does not merge it yet: {seen.change.merge_refusal.message}"
    return "Merge it on the forge; this environment does not merge by itself."


def _waiting(seen: Snapshot) -> str:
    if seen.stuck:
        return f"Waiting for {seen.stuck[0].name}: {seen.stuck[0].observed}."
    if seen.change.swift and seen.requester_counts and not seen.tally.complete:
        return "Back to the version before: gates only inform, and the approval of whoever asked counts."
    return ""
