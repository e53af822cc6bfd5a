"""Traffic in steps: who gets how much, and whether a ladder may climb. Facts in, decision out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.durations import lasting
from bot.domain.policy import StepsRule
from bot.domain.policy.stepping import IN_PLACE
from bot.domain.rollout import RolloutState

ASK_AGAIN = 120.0
"""Seconds until a gate that nobody tells about is asked again."""
UNWELL = {
    RolloutState.DEGRADED: "it is degraded",
    RolloutState.FAILED: "its rollout failed",
    RolloutState.SILENT: "no engine has told of it",
    RolloutState.STALLED: "its rollout has stalled",
}


@dataclass(frozen=True)
class Shares:
    """What a target's traffic is set to: the candidate's share in per cent; with a switch, whether the second slot
    serves."""

    percent: int
    second: bool = False


def shares_of(
    rule: StepsRule, state: str, variables: Mapping[str, str], raw: str | None, message: str | None
) -> Shares | str:
    """What is written, or why that cannot be told. ``state``, ``variables``, ``raw`` and ``message`` are the reading of
    the places. Where no percentage is written at all, an engine gives all to the one slot, or to the first of two."""
    if state == "not_pinned" and raw is None:
        return Shares(100 if rule.mode in IN_PLACE else 0)
    if state != "pinned":
        return message or "who gets how much of the traffic cannot be read"
    if rule.mode == "blue-green":
        named = variables["slot"]
        known = f"expected {' or '.join(rule.slots)}"
        return Shares(0, named == rule.slots[1]) if named in rule.slots else f"the switch says {named}; {known}"
    percent, rest = int(variables["percent"]), variables.get("rest")
    if percent > 100 or (rest is not None and int(rest) != 100 - percent):
        return f"the shares are {percent} and {rest or 'unknown'}, which do not make 100"
    return Shares(percent)


@dataclass(frozen=True)
class LadderFacts:
    """Everything that is asked before a ladder climbs.

    ``state`` is the rollout's, None where no engine tells; ``since`` when it came to be so, or when it was merged where
    no engine tells; ``watch`` in seconds. ``after`` is what became of the next step's change (``busy``: another change
    of the target is open); ``newest``: no other change of the target was merged since. ``stuck``: a gate does not pass.
    """

    mode: str
    percents: tuple[int, ...]
    index: int
    percent: int
    newest: bool
    paused: bool
    after: Literal["none", "open", "ended", "busy"]
    state: RolloutState | None
    since: float
    watch: float
    stuck: bool
    now: float


@dataclass(frozen=True)
class Climb:
    """Open the next step."""

    percent: int


@dataclass(frozen=True)
class Wait:
    """Nothing to do before ``until`` (seconds since the epoch); None: until an engine tells something."""

    until: float | None


@dataclass(frozen=True)
class Hold:
    """It stays where it is until a person does something."""

    why: str


@dataclass(frozen=True)
class Back:
    """It was aborted, and its traffic is away: put the stable version back."""


@dataclass(frozen=True)
class Done:
    """There is nothing left to climb."""


Verdict = Climb | Wait | Hold | Back | Done


def next_step(facts: LadderFacts) -> Verdict:  # noqa: PLR0911  (one line a reason)
    """What comes next. Only what is known to be healthy climbs."""
    if not facts.newest or facts.percent == 100:
        return Done()
    if facts.after == "open":
        return Hold("its next step is open")
    if facts.percent == 0 and facts.index > 0:
        return _after_abort(facts)
    held = _held(facts)
    if held:
        return Hold(held)
    if facts.after == "busy":
        return Wait(facts.now + ASK_AGAIN)
    if facts.state not in (None, RolloutState.HEALTHY):
        return Wait(None)
    until = facts.since + facts.watch
    if facts.now < until:
        return Wait(until)
    if facts.stuck:
        return Wait(facts.now + ASK_AGAIN)
    return Climb(facts.percents[facts.index + 1])


def _after_abort(facts: LadderFacts) -> Verdict:
    """Two slots are at rest once the candidate gets nothing; in place its version must also go."""
    if facts.mode not in IN_PLACE:
        return Done()
    if facts.after == "busy":
        return Wait(facts.now + ASK_AGAIN)
    return Back() if facts.after == "none" else Hold("the rollback was closed")


def _held(facts: LadderFacts) -> str | None:
    if facts.paused:
        return "it is paused"
    if facts.state in UNWELL:
        return UNWELL[facts.state]
    if facts.after == "ended":
        return "its next step was closed"
    return "a person decides" if facts.mode == "ab" else None


Do = Literal["pause", "resume", "next", "abort"]


def may_do(facts: LadderFacts) -> tuple[Do, ...]:
    """What people may do to the ladder now. What is unwell goes back by a rollback, and is not climbed."""
    if not facts.newest or facts.percent == 100 or (facts.percent == 0 and facts.index > 0):
        return ()
    if facts.state in (RolloutState.DEGRADED, RolloutState.FAILED):
        return ("abort",)
    steer: Do = "resume" if facts.paused else "pause"
    known: tuple[Do, ...] = () if facts.mode == "ab" else (steer,)
    free = facts.after in ("none", "ended")
    climb: tuple[Do, ...] = ("next",) if free and facts.state in (None, RolloutState.HEALTHY) else ()
    return (*known, *climb, "abort")


def serving(stable: str | None, candidate: str, share: int) -> str:
    """`42 gets 10 %, 41 gets 90 %`; `41 gets all, 42 stands by` before it gets any."""
    if share == 0:
        return f"{stable or 'what was there'} gets all, {candidate} stands by"
    rest = f", {stable or 'what was there'} gets {100 - share} %" if share < 100 else ""
    return f"{candidate} gets {share} %{rest}"


def planned(percents: tuple[int, ...], watch: float) -> str:
    """`In steps of 10, 50, 100 %, each watched for 30 min.`"""
    if percents == (0, 100):
        return f"In two steps: the idle slot first, then the switch after {lasting(watch)}."
    return f"In steps of {', '.join(map(str, percents))} %, each watched for {lasting(watch)}."
