"""The file of a policy's own tests: what is given, and what is expected. Every key with its default."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bot.domain.policy.base import Section
from bot.domain.policy.values import Duration, EnvironmentName, Principal, Text, expected, matching
from bot.domain.policy_case_facts import Candidate, GateWord, IncidentGiven, Pinned
from bot.domain.policy_case_values import Moment, Version
from bot.errors import Reason

MAX_CASES = 1000
NOON = "2026-01-07T12:00:00Z"
"""When a case plays that does not say when: a Wednesday."""


def _reason(value: object) -> object:
    if value not in {reason.value for reason in Reason}:
        raise expected("one of the reason codes, such as version_banned")
    return value


Login = Annotated[str, matching(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}", "a GitHub account's name such as ana")]
User = Annotated[str, matching(r"[UW][A-Z0-9]{2,20}", "a Slack user's id such as U0ANA")]
Who = Annotated[
    str,
    matching(
        r"slack:[UW][A-Z0-9]{2,20}|[A-Za-z0-9][A-Za-z0-9-]{0,99}",
        "a GitHub account's name such as ana, or slack:U0ANA for somebody without one",
    ),
]
CodeOf = Annotated[str, BeforeValidator(_reason)]


class Stood(Section):
    """How a version did in an earlier stage: it stands there since ``for`` ago."""

    for_: Duration = Field(alias="for")
    healthy: bool = True
    rolled_back: bool = False


class ReviewGiven(Section):
    """One review, oldest first. ``same_change``: its head means what the change means now. ``standing`` is what the
    person is in Slack. ``recorded``: the bot wrote it down for somebody who has no account."""

    by: Who
    says: Literal["approve", "request_changes", "dismissed"] = "approve"
    same_change: bool = True
    may_write: bool = True
    standing: Literal["member", "guest", "external", "deactivated", "robot"] = "member"
    recorded: bool = False


class FreezeGiven(Section):
    """A freeze of the environment, or of one model in it."""

    environment: EnvironmentName
    model: Text | None = None
    until: Moment | None = None


class Given(Section):
    """The facts. What a case leaves out, its file's own ``given`` may say.

    ``swift``: a rollback goes to the last healthy version. ``editors`` wrote commits on the branch; ``open`` is the
    version of a change of the target that is open already; ``native_reviews``: so many the forge demands itself;
    ``waived`` are gates, by name, that somebody in the role `waive` let pass. ``running``: for how long a pending check
    has run; ``aliased``: the version of each alias, null: nothing has it; ``on_branches``: those that the training
    commit is on, null: nobody can tell; ``incidents``: null where they cannot be read; ``answers``: by HTTP gate.
    """

    model: Text | None = None
    version: Version | None = None
    environment: EnvironmentName | None = None
    action: Literal["promote", "rollback", "unpin"] = "promote"
    swift: bool = True
    by: Who | None = None
    also_by: tuple[Who, ...] = ()
    now: Moment = NOON
    state: Literal["pinned", "not_pinned", "mixed", "unreadable"] = "pinned"
    deployed: Pinned | None = None
    candidate: Candidate | None = Candidate()
    checks: dict[Text, Literal["success", "failure", "pending"]] = Field(default_factory=dict)
    running: dict[Text, Duration] = Field(default_factory=dict)
    aliased: dict[Text, Pinned | None] = Field(default_factory=dict)
    on_branches: tuple[Text, ...] | None = None
    incidents: tuple[IncidentGiven, ...] | None = ()
    answers: dict[Text, GateWord] = Field(default_factory=dict)
    soak: dict[EnvironmentName, Stood] = Field(default_factory=dict)
    reviews: tuple[ReviewGiven, ...] = ()
    freezes: tuple[FreezeGiven, ...] = ()
    bans: tuple[Version, ...] = ()
    editors: tuple[Login, ...] = ()
    open: Version | None = None
    held: bool = False
    waived: tuple[Text, ...] = ()
    native_reviews: int = Field(default=0, ge=0, le=6)


class Expect(Section):
    """What is to come of it. Only what is written is compared."""

    decision: Literal["propose", "refuse", "join"] | None = None
    reason: CodeOf | None = None
    merge: Literal["yes", "no", "waits"] | None = None
    blocking: Text | None = None
    gates: dict[Text, GateWord] | None = None
    approvals: int | None = Field(default=None, ge=0)
    missing: int | None = Field(default=None, ge=0)
    counts: tuple[Who, ...] | None = None
    does_not_count: dict[Who, Text] | None = None
    next_window: Moment | None = None


class Case(Section):
    """One test."""

    name: Text
    given: Given = Given()
    expect: Expect


class CaseFile(Section):
    """A file of `.slackops/tests`. ``people``: the Slack user of each account; ``groups``: the members of each
    group and team."""

    people: dict[Login, User] = Field(default_factory=dict)
    groups: dict[Principal, tuple[Text, ...]] = Field(default_factory=dict)
    given: Given = Given()
    cases: tuple[Case, ...] = Field(max_length=MAX_CASES)
