"""A change: one intent about one target, its digest, and the record of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import rfc8785

from bot.domain.change_marks import Glass, MergeRefusal, Remark, Voided, Waiver
from bot.domain.people import Person

__all__ = [
    "Action",
    "Aim",
    "Change",
    "ChangeState",
    "Edit",
    "Glass",
    "Intent",
    "MergeRefusal",
    "Move",
    "Remark",
    "Rung",
    "Scalar",
    "Voided",
    "Waiver",
    "change_digest",
]


class Action(StrEnum):
    """What a change does to its target."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"
    UNPIN = "unpin"
    STEP = "step"
    MANUAL = "manual"


@dataclass(frozen=True, order=True)
class Scalar:
    """A value as the manifest holds it: its type (str, int, float, bool, null) and its text. Where there is none
    the type is `absent`; a whole part of a file, as a rollback restores it, is a `block`."""

    type: str
    text: str


@dataclass(frozen=True, order=True)
class Edit:
    """One bound scalar and what it becomes. ``line`` counts from 1 in the file as it was."""

    file: str
    selector: str
    old: Scalar
    new: Scalar
    line: int = 0


@dataclass(frozen=True)
class Aim:
    """What a change does to its target on whatever base: fill the templates in, take the pin out, or, for a rollback in
    blocks, restore parts of the files as they were at the commit ``blocks_of``."""

    variables: Mapping[str, str]
    unpin: bool = False
    blocks_of: str | None = None
    percent: int | None = None
    """The share of traffic that the version is to get, where a target goes in steps; None: all of it."""


@dataclass(frozen=True)
class Intent:
    """What is to be so: ``frm`` is None when nothing was pinned before."""

    action: Action
    model: str
    environment: str
    frm: str | None
    to: str
    artifact_digest: str | None
    edits: tuple[Edit, ...]
    percent: int | None = None
    """The candidate's share of traffic once it is merged, where it goes in steps; its edits hold the same."""

    @property
    def digest(self) -> str:
        """SHA-256 over the RFC 8785 JSON of the intent: survives a rebase, dies with any change of meaning."""
        return change_digest(self)


def change_digest(intent: Intent) -> str:
    """The change digest of an intent, lower-case hex. Lines are left out: they move without changing the meaning."""
    edits = [
        {
            "file": e.file,
            "selector": e.selector,
            "old": {"type": e.old.type, "text": e.old.text},
            "new": {"type": e.new.type, "text": e.new.text},
        }
        for e in sorted(intent.edits, key=lambda e: (e.file, e.selector))
    ]
    body = {
        "v": 1,
        "action": intent.action.value,
        "model": intent.model,
        "environment": intent.environment,
        "to": intent.to,
        "artifact_digest": intent.artifact_digest,
        "edits": edits,
    }
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()  # type: ignore[arg-type]


@dataclass(frozen=True)
class Move:
    """One target that a pull request by hand moves: from what to what, and the values that do it. ``problem`` says why
    what it would hold then does not tell one version."""

    model: str
    environment: str
    frm: str | None
    to: str
    edits: tuple[Edit, ...]
    problem: str = ""


class ChangeState(StrEnum):
    """Where a change is. ``open`` covers everything before the merge; ``by_hand`` the same of a pull request that
    people made themselves, which does not hold its target; ``watching``: merged, and its rollout is followed."""

    PROPOSING = "proposing"
    OPEN = "open"
    BY_HAND = "by_hand"
    WATCHING = "watching"
    MERGED = "merged"
    CLOSED = "closed"
    SUPERSEDED = "superseded"
    OBSOLETE = "obsolete"

    @property
    def final(self) -> bool:
        """Nothing more happens to the pull request."""
        return self not in (ChangeState.PROPOSING, ChangeState.OPEN, ChangeState.BY_HAND)


@dataclass(frozen=True)
class Rung:
    """A change's place in a ladder of steps. ``ladder`` is the id of the change that began it; ``percents`` are all its
    rungs, ``index`` counts from 0; ``percent`` is the candidate's share of traffic once this change is merged."""

    ladder: str
    mode: str
    percents: tuple[int, ...]
    index: int
    percent: int
    paused_by: Person | None = None
    aborted_by: Person | None = None
    after: str | None = None
    """The id of the change that went on from here: the next rung, or the end."""


@dataclass(frozen=True)
class Change:
    """What the bot must remember of a change that neither Git nor the forge can tell it."""

    id: str
    intent: Intent
    requesters: tuple[Person, ...]
    reason: str | None
    created_at: float
    base: str
    branch: str
    state: ChangeState = ChangeState.PROPOSING
    number: int | None = None
    url: str | None = None
    head: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    """What the templates are rendered with: resolved once, so that the same intent can be rendered on another base."""
    blocks_of: str | None = None
    """The commit whose blocks a rollback restores."""
    swift: bool = False
    """True for a rollback to the version before: it has rules of its own (policy `rollback`)."""
    superseded_by: str | None = None
    """The id of the change that took this one's place."""
    held_by: Person | None = None
    hold_reason: str | None = None
    closed_by: Person | None = None
    close_reason: str | None = None
    merge_commit: str | None = None
    logins: tuple[str, ...] = ()
    """The accounts that the requesters had linked when they asked."""
    unlinked: bool = False
    """One of the requesters had none, so an account that nobody linked might be theirs."""
    remarks: tuple[Remark, ...] = ()
    merge_refusal: MergeRefusal | None = None

    merged_at: float | None = None
    """When the forge merged it, in seconds since the epoch."""
    healthy_at: float | None = None
    degraded_at: float | None = None
    """When it was first healthy, and first degraded or failed, by the engine's time: told of while it was watched."""
    outcome: str | None = None
    """How watching ended: a state of the rollout."""
    cause: str | None = None
    """The id of the change because of which a rule asked for this one; nobody asked then."""
    owner: Person | None = None
    """Who said `I'm on it` when it degraded."""
    unattended: bool = False
    """The policy's rule may merge it with nobody's approval (`on_degraded: rollback`)."""
    why: tuple[str, ...] = ()
    """What was told when it was asked for: why this version, what a caller would notice."""
    auto: str | None = None
    """What the policy's `on_degraded` rule did about it, or why it did nothing."""
    rung: Rung | None = None
    """Its place in a ladder of steps."""
    accounts: tuple[int, ...] = ()
    """The numbers of the accounts that the requesters had linked when they asked: a rename does not change them."""
    voided: tuple[Voided, ...] = ()
    glass: Glass | None = None
    """It broke the glass."""
    merge_asked: Person | None = None
    """Who pressed Merge, where the environment does not merge by itself."""
    merge_digest: str | None = None
    """What that person saw; a change that means something else since must be asked for again."""
    by_hand: bool = False
    """People made the pull request themselves; ``requesters`` are those who could be told from its author."""
    moves: tuple[Move, ...] = ()
    """Everything that a pull request by hand moves; ``intent`` names the last environment of them."""
    queued_at: float | None = None
    """When the forge took it into its merge queue."""
    waivers: tuple[Waiver, ...] = ()
    rule: str = ""
    """The registry's event because of which a rule of the policy asked for it, in words; nobody asked then."""

    @property
    def aim(self) -> Aim:
        """What it does to its target."""
        return Aim(self.variables, self.intent.action is Action.UNPIN, self.blocks_of, self.intent.percent)
