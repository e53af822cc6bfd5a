"""The soak gate: a version must have stood well in an earlier stage, for a while, before it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.durations import lasting
from bot.domain.gates import GateResult, GateState
from bot.domain.health import Health, Verdict
from bot.domain.policy import SoakGate
from bot.domain.stops import moment
from bot.domain.wording import one_line

WORDS = 60  # characters of an engine's message that fit beside the rest of a gate's line


@dataclass(frozen=True)
class Stood:
    """The newest stay of a version: from ``since``, until ``until`` (None: it stands there now), in seconds since the
    epoch. ``taken_back``: it was left by a rollback."""

    since: float
    until: float | None = None
    taken_back: bool = False


@dataclass(frozen=True)
class SoakFacts:
    """What is known of a version in the stage to wait for.

    ``placed``: the model has a target there. ``together``: the change moves that stage too, so nothing can stand there
    before it. ``readable``: all versions that stood there are known by name. ``heard``: an engine is declared there and
    told of the model at least once. ``calm_since``: when the newest trouble ended, where there was some.
    """

    model: str
    version: str
    now: float
    placed: bool = True
    together: bool = False
    readable: bool = True
    heard: bool = False
    stood: Stood | None = None
    health: Health = field(default_factory=lambda: Health(Verdict.UNHEARD))
    calm_since: float | None = None


def judge_soak(gate: SoakGate, facts: SoakFacts | None) -> GateResult:  # noqa: PLR0911  (one line a case)
    """The gate's result. What only waits says until when; times are counted from healthy, or from the merge where no
    engine told."""
    if facts is None:
        return _result(gate, GateState.UNKNOWN, "not looked up")
    if not facts.placed:
        return _result(gate, GateState.SKIPPED, f"{facts.model} has no target in {gate.environment}")
    if facts.together:
        return _result(gate, GateState.FAIL, f"{gate.environment} gets it by this very change, not before")
    if facts.stood is None:
        return _absent(gate, facts)
    if facts.stood.taken_back:
        return _result(gate, GateState.FAIL, f"{facts.version} was rolled back there; {_way(gate, facts)}")
    if facts.health.verdict is Verdict.BAD:
        return _result(gate, GateState.FAIL, f"it is not healthy there{_words(facts.health)}")
    return _timed(gate, facts, facts.stood)


def _absent(gate: SoakGate, facts: SoakFacts) -> GateResult:
    if not facts.readable:
        return _result(gate, GateState.UNKNOWN, "which versions stood there is not known now", waits=True)
    return _result(gate, GateState.FAIL, f"{facts.version} never stood there; {_way(gate, facts)}")


def _timed(gate: SoakGate, facts: SoakFacts, stood: Stood) -> GateResult:
    start = _start(facts, stood)
    if start is None:
        return _never_healthy(gate, facts, stood)
    words, more = ("since it was healthy", "") if facts.heard else ("since its merge", "; no engine reported")
    ends = start + gate.seconds
    if stood.until is not None and stood.until < ends:
        stayed = lasting(max(0.0, stood.until - start))
        return _result(gate, GateState.FAIL, f"left {stayed} {words}{more}; {_way(gate, facts)}")
    if stood.until is None and facts.now < ends:
        told = f"{words} {moment(start)}, until {moment(ends)}{more}"
        return _result(gate, GateState.UNKNOWN, told, waits=True, passes_at=ends)
    if stood.until is None and facts.heard and facts.health.verdict is not Verdict.HEALTHY:
        return _result(gate, GateState.UNKNOWN, f"not healthy just now{_words(facts.health)}", waits=True)
    done = f"{lasting(gate.seconds)} {words}" if gate.seconds else "healthy" if facts.heard else "merged"
    return _result(gate, GateState.PASS, f"{done}{more}")


def _start(facts: SoakFacts, stood: Stood) -> float | None:
    """From when the time counts; None where it was never healthy."""
    if not facts.heard:
        return stood.since
    healthy_at = facts.health.healthy_at
    return None if healthy_at is None else max(healthy_at, facts.calm_since or healthy_at)


def _never_healthy(gate: SoakGate, facts: SoakFacts, stood: Stood) -> GateResult:
    if stood.until is not None:
        return _result(gate, GateState.FAIL, f"it was replaced there before it was healthy; {_way(gate, facts)}")
    unheard = facts.health.verdict is Verdict.UNHEARD
    told = "no engine has told of it yet" if unheard else f"not healthy yet{_words(facts.health)}"
    return _result(gate, GateState.UNKNOWN, told, waits=True)


def _way(gate: SoakGate, facts: SoakFacts) -> str:
    return f"`/promote {facts.model} {facts.version} {gate.environment}` first"


def _words(health: Health) -> str:
    words = one_line(health.words)
    return f": {words if len(words) <= WORDS else words[: WORDS - 1] + '…'}" if words else ""


def _result(
    gate: SoakGate, state: GateState, observed: str, *, waits: bool = False, passes_at: float | None = None
) -> GateResult:
    required = f"{lasting(gate.seconds)} healthy in {gate.environment}" if gate.seconds else f"{gate.environment} first"
    return GateResult(
        gate.name, state, observed, required, gate.mode == "block", gate.at, waits=waits, passes_at=passes_at
    )
