"""The file of a policy's own tests: what is given, and what is expected. Every key with its default."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bot.domain.policy.base import Section
from bot.domain.policy.names import validate_name
from bot.domain.policy.values import Duration, EnvironmentName, Principal, Text, expected, matching
from bot.errors import Reason, Refused

MAX_CASES = 1000
NOON = "2026-01-07T12:00:00Z"
"""When a case plays that does not say when: a Wednesday."""


def _version(value: object) -> object:
    """A version in quotes or not: `42` is `"42"`. A number with a point would lose its zeros, so it wants quotes."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        raise expected("a version such as 42; put it in quotes" if isinstance(text, float) else "a version such as 42")
    try:
        return validate_name("version", text)
    except Refused as refused:
        raise expected(f"a version; {refused.message}") from None


def moment_of(text: str) -> float:
    """`2026-12-24T18:00Z` in seconds since the epoch; in UTC where no offset is written. Raises ValueError."""
    found = dt.datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()


def _moment(value: object) -> object:
    try:
        if isinstance(value, str) and "T" in value and moment_of(value):
            return value
    except (ValueError, OverflowError):
        pass
    raise expected("a moment such as 2026-12-24T18:00Z, in UTC unless an offset is written")


def _reason(value: object) -> object:
    if value not in {reason.value for reason in Reason}:
        raise expected("one of the reason codes, such as version_banned")
    return value


Version = Annotated[str, BeforeValidator(_version)]
Moment = Annotated[str, BeforeValidator(_moment)]
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
GateWord = Literal["pass", "fail", "unknown", "skipped"]


class Stood(Section):
    """How a version did in an earlier stage: it stands there since ``for`` ago."""

    for_: Duration = Field(alias="for")
    healthy: bool = True
    rolled_back: bool = False


class Pinned(Section):
    """What the environment pins now."""

    version: Version
    metrics: dict[Text, float] = Field(default_factory=dict)


class Candidate(Section):
    """What the registry says of the version that is asked for."""

    metrics: dict[Text, float] = Field(default_factory=dict)
    unclear: tuple[Text, ...] = ()


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
    version of a change of the target that is open already; ``native_reviews``: so many the forge demands itself.
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
    soak: dict[EnvironmentName, Stood] = Field(default_factory=dict)
    reviews: tuple[ReviewGiven, ...] = ()
    freezes: tuple[FreezeGiven, ...] = ()
    bans: tuple[Version, ...] = ()
    editors: tuple[Login, ...] = ()
    open: Version | None = None
    held: bool = False
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
