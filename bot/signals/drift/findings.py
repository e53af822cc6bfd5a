"""A figure that a report tells, and what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.drifting.windows import Kind, Reading, Verdict, Window
from bot.signals.drift.about import About
from bot.signals.drift.building import window


@dataclass(frozen=True)
class Finding:
    """``whole``: the tool's own word on the data as a whole, such as the share of columns that drifted."""

    kind: Kind
    reading: Reading
    whole: bool = False


def windows(source: str, about: About, findings: Iterable[Finding]) -> tuple[Window, ...]:
    """One window a kind that the report tells of."""
    found = list(findings)
    told = [(kind, [one for one in found if one.kind is kind]) for kind in Kind]
    return tuple(_window(source, about, kind, some) for kind, some in told if some)


def _window(source: str, about: About, kind: Kind, found: Sequence[Finding]) -> Window:
    """What the tool says of the whole counts, unless the sender names a share; its figure is told where it is all."""
    whole = [one.reading for one in found if one.whole]
    parts = _once(one.reading for one in found if not one.whole)
    share = next((one.threshold for one in whole if one.threshold is not None and 0 < one.threshold <= 1), None)
    said = None if parts and about.share is not None else _worst(whole)
    return window(source, about, kind, parts or whole, share=share, said=said)


def _worst(whole: Sequence[Reading]) -> Verdict | None:
    told = {one.verdict for one in whole}
    return next((verdict for verdict in (Verdict.BAD, Verdict.FINE) if verdict in told), None)


def _once(readings: Iterable[Reading]) -> list[Reading]:
    """What is told twice, by a metric and by its test, or by two tests, is told once."""
    found: dict[tuple[str, str, float | None, float | None], Reading] = {}
    for one in readings:
        found.setdefault((one.feature, one.method, one.value, one.threshold), one)
    return list(found.values())
