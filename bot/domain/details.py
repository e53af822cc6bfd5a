"""What the details page of a change tells: facts as text, frozen, with a shape in JSON. Everything here is bounded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.domain.chart import Chart
from bot.domain.gates import GateResult

HISTORY, ROWS, LINES, TEXT = 50, 200, 60, 600
"""The most transitions, rows of a table, lines of a list and characters of a text that a page holds."""
FIRST, GONE, WAIVED = "", "gone", "waived"
"""In place of a gate's state: it is judged for the first time; nobody asks for it any more; a person lets it pass."""


@dataclass(frozen=True)
class GateShown:
    """One gate as it stands. ``holds_up`` keeps the change from merging."""

    name: str
    state: str
    observed: str
    required: str
    blocks: bool
    holds_up: bool
    at: str = "merge"
    explanation: str = ""
    waived: str = ""
    url: str | None = None


@dataclass(frozen=True)
class Transition:
    """A gate whose state became another one; ``at`` in seconds since the epoch."""

    gate: str
    before: str
    after: str
    at: float
    observed: str = ""


@dataclass(frozen=True)
class Pair:
    """A named value before and after, in words; ``word`` judges the difference, where that can be said."""

    name: str
    before: str
    after: str
    word: str = ""


@dataclass(frozen=True)
class ReviewShown:
    """One review, and whether it counts."""

    who: str
    said: str
    counts: bool
    why: str = ""


@dataclass(frozen=True)
class ComparisonShown:
    """The candidate beside the deployed version. ``notes`` are sentences, ``commits`` lines."""

    metrics: tuple[Pair, ...] = ()
    params: tuple[Pair, ...] = ()
    datasets: tuple[Pair, ...] = ()
    requirements: tuple[Pair, ...] = ()
    elsewhere: tuple[Pair, ...] = ()
    commits: tuple[str, ...] = ()
    commits_url: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passed:
    """A stage of the rollout, and since when it is in it, in seconds since the epoch."""

    stage: str
    note: str
    at: float


@dataclass(frozen=True)
class Details:
    """One change as it was evaluated last. ``base`` is the commit of the default branch that it was judged on, and that
    the policy was read at; ``left_out`` counts what was too much for one page."""

    change: str
    number: int
    url: str
    title: str
    model: str
    environment: str
    frm: str | None
    to: str
    stage: str
    note: str
    head: str
    base: str
    approvals: int
    required: int
    judged: bool = True
    enforced: bool = True
    asked: tuple[str, ...] = ()
    """Who or what asked for it, and what else stands on the card, in sentences."""
    gates: tuple[GateShown, ...] = ()
    reviews: tuple[ReviewShown, ...] = ()
    edits: tuple[Pair, ...] = ()
    comparison: ComparisonShown | None = None
    history: tuple[Transition, ...] = ()
    """Transitions of its gates, the newest last."""
    left_out: int = 0
    ended: bool = False
    """Its pull request is over: what stands here of gates and approvals is what was judged last."""
    rollout: tuple[Passed, ...] = ()
    """What was told of it after the merge, the newest last."""
    chart: Chart | None = None
    """What its picture shows, as it stood when the change was proposed."""
    v: int = field(default=1)


def gate_shown(gate: GateResult) -> GateShown:
    """A gate's result as the page has it."""
    return GateShown(
        name=short(gate.name, 200),
        state=gate.state.value,
        observed=short(gate.observed),
        required=short(gate.required),
        blocks=gate.blocks,
        holds_up=gate.holds_up,
        at=gate.at,
        explanation=short(gate.explanation),
        waived=short(gate.waived),
        url=gate.url if gate.url and len(gate.url) <= TEXT else None,
    )


def followed(now: Details, before: Details | None, at: float) -> Details:
    """The evaluation with the history of the one before it, and with what became of each gate since, at that moment."""
    old = {gate.name: word(gate) for gate in before.gates} if before else {}
    new = {gate.name: gate for gate in now.gates}
    changed = [
        Transition(name, old.get(name, FIRST), word(gate), at, gate.observed)
        for name, gate in new.items()
        if old.get(name) != word(gate)
    ]
    changed += [Transition(name, said, GONE, at) for name, said in old.items() if name not in new]
    history = (*(before.history if before else ()), *changed)
    return replace(now, history=history[-HISTORY:])


def word(gate: GateShown) -> str:
    """A gate's state in one word."""
    return WAIVED if gate.waived else gate.state


def short(text: str, limit: int = TEXT) -> str:
    """The text, cut where it is too long for a page."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


@cache
def _adapter() -> TypeAdapter[Details]:
    return TypeAdapter(Details)


def as_json(details: Details) -> str:
    """For keeping."""
    return _adapter().dump_json(details).decode()


def from_json(body: str) -> Details | None:
    """What was kept; None for what another version of the bot wrote in another shape."""
    try:
        found: Any = _adapter().validate_json(body)
    except ValidationError:
        return None
    return found if isinstance(found, Details) and found.v == 1 else None
