"""What is wrong with a target now: out of all that was told about it, whatever the order in which it came."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.gating.facts import OpenIncident
from bot.domain.signal import Phase, Signal
from bot.domain.wording import one_line

HEALTH = "health"
_ENDS = {
    Phase.ALERT: frozenset({Phase.CALM}),
    Phase.DEGRADED: frozenset({Phase.HEALTHY}),
    Phase.FAILED: frozenset({Phase.HEALTHY, Phase.SYNCED}),  # it was applied after all; an engine may tell no health
}


def troubles(told: Iterable[Signal]) -> tuple[OpenIncident, ...]:
    """The open ones, the oldest first. An alert fires until it is resolved; a rollout that degraded is in trouble until
    it is healthy again: that it goes on does not end it. Each application and each alert is a story of its own."""
    begun: dict[tuple[str, str, bool], Signal] = {}
    for signal in sorted(told, key=lambda one: (one.at, _last(one), one.key)):
        story = (signal.source, signal.application, signal.phase in (Phase.ALERT, Phase.CALM))
        open_one = begun.get(story)
        if open_one is None and signal.phase in _ENDS:
            begun[story] = signal
        elif open_one is not None and signal.phase in _ENDS[open_one.phase]:
            del begun[story]
        elif open_one is not None and signal.phase is Phase.DEGRADED:  # worse than failed: only health ends it
            begun[story] = signal.model_copy(update={"at": open_one.at})
    found = (OpenIncident(one.kind or HEALTH, _words(one), one.at) for one in begun.values())
    return tuple(sorted(found, key=lambda one: (one.since, one.kind, one.words)))


def _last(signal: Signal) -> bool:
    """Of two at the same moment, the end comes last."""
    return signal.phase in (Phase.CALM, Phase.HEALTHY)


def _words(signal: Signal) -> str:
    return one_line(signal.message) or f"{signal.application} {signal.phase.value}"
