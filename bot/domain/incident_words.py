"""Incidents in words: the same in the card, its push text, its thread and the digests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.drifting.incidents import Incident, IncidentState, Past
from bot.domain.drifting.windows import Kind, Reading, Severity, Verdict
from bot.domain.figures import figure
from bot.domain.incident_cards import IncidentCard

PUSH_TEXT, LONGEST_HEAD, LEAST_NAME, ENVIRONMENT = 60, 34, 8, 16
SHOWN = 24
"""Windows of a row of bars: more do not fit on a phone."""
_BARS, _UNKNOWN = "▁▂▃▄▅▆▇█", "·"
_LIMIT = 4
_ASPECTS = {Kind.DRIFT: "drift", Kind.PERFORMANCE: "performance", Kind.DATA_QUALITY: "data quality"}
_SERVICE = {"latency": "latency", "duration": "latency", "error": "errors"}
_LATER = {IncidentState.ACKNOWLEDGED: ", acknowledged", IncidentState.SNOOZED: ", snoozed"}
_ORDER = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.SNOOZED, IncidentState.RESOLVED)


def aspect_of(incident: Incident) -> str:
    """What it is about, in a word: `drift`; of a service, `latency` or `errors` where its readings say which."""
    if incident.kind is not Kind.SERVICE:
        return _ASPECTS[incident.kind]
    bad = [one for one in incident.readings if one.verdict is Verdict.BAD] or list(incident.readings)
    text = " ".join(f"{one.feature} {one.method}" for one in bad).casefold()
    return next((word for clue, word in _SERVICE.items() if clue in text), "service")


def state_of(card: IncidentCard) -> IncidentState:
    """Where the card stands: what still needs somebody counts more than what is quiet."""
    states = {one.state for one in card.problems}
    return next(state for state in _ORDER if state in states)


def headline(card: IncidentCard, limit: int = PUSH_TEXT) -> str:
    """`Drift and latency: fraud-detector, production`: what a phone shows, so a long model name gives way first."""
    state = state_of(card)
    shown = card.open or card.problems
    aspects = joined(dict.fromkeys(one.aspect for one in shown))
    critical = state is not IncidentState.RESOLVED and any(one.severity is Severity.CRITICAL for one in card.open)
    head = _head(aspects, critical=critical, state=state)
    if len(head) > LONGEST_HEAD and len(shown) > 1:
        head = _head(f"{len(shown)} {'critical ' if critical else ''}problems", critical=False, state=state)
    tail = f", {_cut(card.environment, ENVIRONMENT if limit == PUSH_TEXT else limit)}"
    return f"{head}: {_cut(card.model, max(LEAST_NAME, limit - len(head) - 2 - len(tail)))}{tail}"


def _head(aspects: str, *, critical: bool, state: IncidentState) -> str:
    if state is IncidentState.RESOLVED:
        return f"Resolved {aspects}"
    first = f"Critical {aspects}" if critical else aspects[:1].upper() + aspects[1:]
    return f"{first}{_LATER.get(state, '')}"


def joined(words: Iterable[str]) -> str:
    """`drift, performance and latency`."""
    *first, last = tuple(words) or ("problem",)
    return f"{', '.join(first)} and {last}" if first else last


def spark(past: Sequence[Past], most: int = SHOWN) -> str:
    """The newest windows as a row of bars, the newest on the right: the lower half is within the limit, the upper half
    beyond it, a dot is a window that nobody could judge."""
    shown = past[-most:]
    worst = max((one.score for one in shown if one.score is not None), default=0.0)
    return "".join(_bar(one, max(worst, 2.0)) for one in shown)


def _bar(one: Past, worst: float) -> str:
    if one.verdict is Verdict.UNKNOWN:
        return _UNKNOWN
    bad = one.verdict is Verdict.BAD
    if one.score is None:
        return _BARS[_LIMIT + 1 if bad else 1]
    if not bad:
        return _BARS[min(_LIMIT - 1, max(0, int(one.score * _LIMIT)))]
    return _BARS[_LIMIT + min(_LIMIT - 1, max(0, int((one.score - 1.0) / (worst - 1.0) * _LIMIT)))]


def windows_words(shown: int, bad: int) -> str:
    """`last 12 windows, 5 bad`."""
    return f"last {shown} {'window' if shown == 1 else 'windows'}, {bad} bad"


def worst_of(readings: Sequence[Reading], most: int) -> tuple[Reading, ...]:
    """Those furthest beyond their limits; of the others none, unless nothing is beyond."""
    bad = [one for one in readings if one.verdict is Verdict.BAD]
    return tuple(ranked(bad or readings)[:most])


def ranked(readings: Sequence[Reading]) -> list[Reading]:
    """The worst first; what has no score stands behind what has one, unless it is bad."""
    return sorted(readings, key=lambda one: (one.verdict is not Verdict.BAD, -(one.score or 0.0), one.feature))


def subject_of(reading: Reading) -> str:
    """`country_code`, `the model as a whole`, `the prediction`."""
    name = reading.feature or ("" if reading.prediction else "the model as a whole")
    return (f"{name} (prediction)" if name else "the prediction") if reading.prediction else name


def figure_of(reading: Reading) -> str:
    """`psi 0.42, limit 0.2`, and what the monitor remarks."""
    limit = "" if reading.threshold is None else f", limit {figure(reading.threshold)}"
    note = f" ({reading.note})" if reading.note else ""
    value = figure(reading.value) if reading.value is not None else "has no value"
    return f"{reading.method} {value}{limit}{note}".strip()


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
