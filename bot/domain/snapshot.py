"""What the reconciler sees of one change: the change as it is recorded, and the world as it is now."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.approvals import Tally
from bot.domain.cards import MetricLine, Stage
from bot.domain.change import Action, Change, ChangeState, Intent
from bot.domain.comparison import Comparison
from bot.domain.facts import Pull
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from bot.domain.policy.model_windows import RemindRule, WindowRule

SUCCESSOR_SECONDS = 60.0  # by then the new pull request is open, or the forge refuses it and the old one ends without
ENDED = {
    ChangeState.SUPERSEDED: Stage.SUPERSEDED,
    ChangeState.OBSOLETE: Stage.OBSOLETE,
    ChangeState.CLOSED: Stage.CLOSED,
}


class Content(StrEnum):
    """What the branch holds. ``foreign``: more or something else than the change; ``elsewhere``: it goes to another
    branch than the default one."""

    OURS = "ours"
    FOREIGN = "foreign"
    ELSEWHERE = "elsewhere"
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
    channel: str
    approvers: tuple[str, ...]
    notify_blocked: tuple[str, ...]
    situation: str
    now: float
    judged: bool = True
    """False where policy or target cannot be read."""
    behind: bool = False
    """The base has commits that the branch has not."""
    requester_counts: bool = False
    branch_exists: bool = True
    run_id: str | None = None
    comparison: Comparison | None = None
    """Beside the deployed version; None where there is no version to compare, or nothing can be read."""
    also_compared: tuple[Comparison, ...] = ()
    """Those of the other targets that a pull request by hand moves."""
    successor: Change | None = None
    also: tuple[str, ...] = ()
    """Other environments that the same values serve."""
    followed: bool = False
    """Once it is merged, its rollout is watched."""
    by_rule: str = ""
    """Why a rule asked for it, where nobody did."""
    serving: str = ""
    """While traffic moves in steps: who gets how much of it now."""
    steps: str = ""
    """The ladder that it belongs to, in a sentence."""
    owners_missing: tuple[tuple[str, ...], ...] = ()
    """Sets of code owners of which the forge still wants one each."""
    reminding: RemindRule = field(default_factory=lambda: RemindRule(0.0, 0.0))
    last_act: float = 0.0
    """When people last did something to it."""
    clear_at: float | None = None
    """When all that holds it up will have passed by itself."""
    closes_at: float | None = None
    """When the window that is open now closes."""
    windows: tuple[WindowRule, ...] = ()
    """Those of every environment that it moves."""
    enforce: bool = True
    """False where the policy only watches."""
    page: str = ""
    """The signed link to its details page; empty where there is none."""

    @property
    def awaits_successor(self) -> bool:
        """Superseded by a change whose pull request is still to be opened: the pointer to it has no number yet."""
        after = self.successor
        if after is None or self.pull.merged or after.state is not ChangeState.PROPOSING:
            return False
        return after.number is None and self.now - after.created_at < SUCCESSOR_SECONDS

    @property
    def held(self) -> Person | None:
        """Who holds the change back, if anybody."""
        return self.change.held_by

    @property
    def sound(self) -> bool:
        """The branch holds the change and nothing else, and the change still means something."""
        return self.today is not None and self.content is Content.OURS

    @property
    def stuck(self) -> tuple[GateResult, ...]:
        """The gates that keep it from merging."""
        return tuple(gate for gate in self.gates if gate.holds_up)

    @property
    def failed(self) -> tuple[GateResult, ...]:
        """The gates that keep it from merging and will not pass by waiting."""
        return tuple(gate for gate in self.stuck if gate.state is GateState.FAIL and not gate.waits)


def stage(seen: Snapshot) -> Stage:
    """The word that stands on the card; the first that fits."""
    if seen.pull.merged:
        return Stage.MERGED
    if seen.change.state in ENDED:
        return ENDED[seen.change.state]
    if seen.change.superseded_by:
        return Stage.SUPERSEDED
    if seen.today is not None and not seen.today.edits and not seen.change.by_hand:
        return Stage.OBSOLETE
    if seen.pull.state == "closed":
        return Stage.CLOSED
    return _open_stage(seen)


def _open_stage(seen: Snapshot) -> Stage:
    if seen.held:
        return Stage.HELD
    if not seen.sound or seen.failed or seen.tally.objections:
        return Stage.BLOCKED
    if not seen.tally.complete:
        return Stage.REVIEW
    if seen.stuck or not seen.auto_merge or seen.change.merge_refusal:
        return Stage.APPROVED
    return Stage.MERGING


def note(seen: Snapshot, at: Stage) -> str:
    """The one sentence under the headline: what it waits for, or how it ended."""
    match at:
        case Stage.HELD:
            return f"On hold: {seen.change.hold_reason or 'no reason given'}."
        case Stage.BLOCKED:
            return blocker(seen)
        case Stage.APPROVED:
            return _approved_note(seen)
        case Stage.REVIEW | Stage.MERGING:
            return _waiting(seen)
        case _:
            return _ended_note(seen, at)


def _ended_note(seen: Snapshot, at: Stage) -> str:  # noqa: PLR0911  (one line an end)
    change = seen.change
    if at is Stage.MERGED and seen.followed:
        return "On the default branch. Waiting for the rollout."
    if at is Stage.MERGED:
        return "On the default branch. No rollout engine is declared, so SlackOps stops watching here."
    if at is Stage.SUPERSEDED:
        number = seen.successor.number if seen.successor else None
        return f"Superseded by #{number}." if number else "Superseded by a newer change."
    if at is Stage.OBSOLETE and change.by_hand:
        return "It moves no deployed version any more."
    if at is Stage.OBSOLETE:
        verb = "inherits" if change.intent.action is Action.UNPIN else "pins"
        return f"{change.intent.environment} {verb} {change.intent.to} already, by another way."
    if change.close_reason and change.closed_by is None:
        return change.close_reason  # the bot gave it up, and says why
    why = f": {change.close_reason}" if change.close_reason else ""
    return f"The pull request was closed{why}." if change.closed_by else f"Closed on the forge{why}."


def blocker(seen: Snapshot) -> str:
    """Why it cannot go on, and what would let it."""
    if seen.today is None:
        return seen.problem or "The target cannot be read."
    if seen.content is Content.FOREIGN and seen.change.by_hand:
        return "What this branch would move cannot be told: bring it up to date with the default branch."
    if seen.content is not Content.OURS:
        return {
            Content.FOREIGN: "The branch holds more than this change: take the rest out, or close it and ask again.",
            Content.ELSEWHERE: f"It goes to {seen.pull.base_ref}, not to the default branch: set its base back.",
        }.get(seen.content, "The branch cannot be read yet.")
    if seen.failed:
        gate = seen.failed[0]
        return f"{gate.name}: {gate.observed}; needs {gate.required}."
    return f"{', '.join(seen.tally.objections)} asked for changes."


def _approved_note(seen: Snapshot) -> str:
    if seen.stuck:
        return _waiting(seen)
    if seen.change.by_hand:
        return "Nothing stands against it: whoever opened it merges it on the forge."
    if seen.change.merge_refusal:
        return f"The forge does not merge it yet: {seen.change.merge_refusal.message}"
    return "This environment does not merge by itself: press Merge, or merge it on the forge."


def _waiting(seen: Snapshot) -> str:
    if seen.stuck:
        return f"Waiting for {seen.stuck[0].name}: {seen.stuck[0].observed}."
    if (seen.pull.queued or seen.change.queued_at is not None) and seen.tally.complete:
        return "In the forge's merge queue, which merges it."
    if seen.change.unattended and seen.tally.complete:
        return "The policy merges it by itself: on_degraded is rollback."
    if seen.change.swift and seen.requester_counts and not seen.tally.complete:
        return "Back to a version that ran before: gates only inform, and the approval of whoever asked counts."
    return _wanted(seen)


def _wanted(seen: Snapshot) -> str:
    """Whose approvals are still wanted, by the policy and by the forge itself."""
    still = f"Still wanted: {seen.tally.words}." if seen.tally.words else ""
    owners = " and ".join(" or ".join(one) for one in seen.owners_missing)
    theirs = f"GitHub also wants a code owner: {owners}." if owners else ""
    return f"{still} {theirs}".strip()
