"""What is said in the chat, by meaning. Adapters turn these into Block Kit; nothing here knows about blocks.

Texts are plain text: the adapter escapes them. Where a person is meant, a ``Person`` is given, never a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.audit_cards import AuditLine, AuditList
from bot.domain.change import Action
from bot.domain.change_timing import Timing
from bot.domain.ci_cards import CiCard, CiDigest
from bot.domain.comparison_card import ComparisonCard
from bot.domain.digest_cards import DriftReport
from bot.domain.gates import GateResult
from bot.domain.incident_cards import FeatureTable, IncidentCard
from bot.domain.link_cards import LeaverNews, LinkOffer, LinkWaits
from bot.domain.list_cards import (
    DeliveryLine,
    DeployedLine,
    Help,
    HelpLine,
    ModelDetail,
    ModelLine,
    ModelList,
    StayLine,
    VersionLine,
)
from bot.domain.notice_cards import Receipt, Refusal, ThreadEvent, ThreadNews
from bot.domain.people import Person
from bot.domain.push_cards import PushNews
from bot.domain.registry_cards import RegistryNews
from bot.domain.retrain_cards import RetrainCard
from bot.domain.stop_cards import StopList, StopNews
from bot.domain.storm_cards import StormCard, StormList
from bot.domain.subscription_cards import Subscribed, SubscriptionList, SubscriptionNews
from bot.domain.waive_cards import WaiverLine

__all__ = [
    "AuditLine",
    "AuditList",
    "ChangeCard",
    "ConfirmCard",
    "DeliveryLine",
    "DeployedLine",
    "EditLine",
    "Help",
    "HelpLine",
    "LeaverNews",
    "LinkOffer",
    "LinkWaits",
    "Message",
    "MetricLine",
    "ModelDetail",
    "ModelLine",
    "ModelList",
    "PlanCard",
    "Receipt",
    "Refusal",
    "ReviewLine",
    "Stage",
    "StayLine",
    "ThreadEvent",
    "ThreadNews",
    "VersionLine",
]


class Stage(StrEnum):
    """The word that stands first on a change's card."""

    REVIEW = "Review"
    BLOCKED = "Blocked"
    APPROVED = "Approved"
    HELD = "Held"
    MERGING = "Merging"
    MERGED = "Merged"
    SYNCING = "Syncing"
    PROGRESSING = "Progressing"
    LIVE = "Live"
    DEGRADED = "DEGRADED"
    FAILED = "FAILED"
    SILENT = "Not confirmed"
    STALLED = "Stalled"
    REPLACED = "Replaced"
    CLOSED = "Closed"
    SUPERSEDED = "Superseded"
    OBSOLETE = "Nothing left to do"


@dataclass(frozen=True)
class MetricLine:
    """One metric beside the deployed one; ``better`` is None where that cannot be said."""

    name: str
    before: float | None
    after: float | None
    better: bool | None = None


@dataclass(frozen=True)
class ReviewLine:
    """One review: whether it counts, and why not. ``person`` is known when the account is linked."""

    login: str
    person: Person | None
    verdict: str
    counts: bool
    why: str = ""
    comment: str = ""
    id: int = 0
    note: str = ""
    """What else a reader must know of one that counts."""


@dataclass(frozen=True)
class EditLine:
    """One bound value, before and after."""

    file: str
    line: int
    old: str
    new: str


@dataclass(frozen=True)
class ChangeCard:
    """The one card of a change: everything that a reviewer needs."""

    change: str
    digest: str
    number: int
    url: str
    action: Action
    model: str
    environment: str
    frm: str | None
    to: str
    stage: Stage
    requesters: tuple[Person, ...]
    reason: str | None
    metrics: tuple[MetricLine, ...]
    gates: tuple[GateResult, ...]
    approvals: int
    required: int
    reviews: tuple[ReviewLine, ...]
    edits: tuple[EditLine, ...]
    note: str = ""
    held: bool = False
    can_decide: bool = True
    judged: bool = True
    """False where the policy or the target cannot be read, so that nothing is known of gates and approvals."""
    also: tuple[str, ...] = ()
    """Other environments that the same values serve."""
    back_to: str | None = None
    """The last healthy version, where one tap may go back to it: the button names it."""
    owner: Person | None = None
    """Who is on it, once it degraded."""
    can_take_on: bool = False
    serving: str = ""
    """What serves the traffic now, in words: `42 gets 10 %, 41 gets 90 %`."""
    ladder: tuple[str, ...] = ()
    """What may be done to its ladder of steps now: pause, resume, abort, next."""
    steps: str = ""
    """The ladder that it belongs to, in a sentence."""
    percent: int | None = None
    """The share of the traffic that the version which comes gets, where it goes in steps."""
    stops: tuple[str, ...] = ()
    """What may be stopped after a rollback: `ban` the version that was left, `freeze` the environment."""
    by_rule: str = ""
    """Why a rule asked for it, where nobody did."""
    times: tuple[tuple[str, float], ...] = ()
    """After the merge: what happened when, in seconds since the epoch."""
    why: tuple[str, ...] = ()
    """What was told when it was asked for, in sentences."""
    timing: Timing = field(default_factory=Timing)
    details: str = ""
    """The link to its details page; empty where there is none."""
    waivers: tuple[WaiverLine, ...] = ()
    """Every waiver that it ever had: they stay on the card."""


@dataclass(frozen=True)
class PlanCard:
    """What a command would do: `--plan`. Only the person who asked sees it."""

    title: str
    message: str
    unblock: str | None
    frm: str | None
    to: str
    gates: tuple[GateResult, ...]
    edits: tuple[EditLine, ...]
    required: int
    eligible: tuple[str, ...]
    reason: str | None = None
    """The code of the reason for which it would be refused."""
    wants: tuple[str, ...] = ()
    """What it would wait for, in sentences."""


@dataclass(frozen=True)
class ConfirmCard:
    """What a rollback would do, with a button that does it. Only the person who clicked sees it. ``facts`` are lines:
    why this version, what else changes, what a caller would notice. ``approves``: their click is an approval too."""

    title: str
    message: str
    facts: tuple[str, ...]
    edits: tuple[EditLine, ...]
    model: str
    environment: str
    to: str
    digest: str
    change: str
    approves: bool


Message = (
    ChangeCard
    | Receipt
    | Refusal
    | ThreadEvent
    | ThreadNews
    | PlanCard
    | ConfirmCard
    | ModelList
    | ModelDetail
    | StopNews
    | StopList
    | PushNews
    | RegistryNews
    | CiCard
    | CiDigest
    | IncidentCard
    | DriftReport
    | FeatureTable
    | RetrainCard
    | AuditList
    | LinkOffer
    | LinkWaits
    | LeaverNews
    | ComparisonCard
    | Subscribed
    | SubscriptionList
    | SubscriptionNews
    | StormCard
    | StormList
    | Help
)
