"""The data sets of two versions beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.comparison import Changed, Comparison
from bot.domain.facts import DatasetInput
from bot.domain.wording import markdown, short

SHOWN, CELL = 12, 100
NOTE = "MLflow digests the first rows of a data set only."


def data_sets(comparison: Comparison) -> str:
    """A table: what each was made with, and what changed."""
    rows = set_rows(comparison)
    if not rows:
        return ""
    lines = list(_beside(comparison, rows) if comparison.known_before else _alone(comparison, rows))
    left = len(rows) - SHOWN
    return "\n".join([*lines, *([f"\nand {left} more data sets."] if left > 0 else []), f"\n{NOTE}"])


def _beside(comparison: Comparison, rows: Sequence[Changed]) -> Iterator[str]:
    yield f"| Data set | {markdown(short(comparison.frm or ''))} | {markdown(short(comparison.to))} | |"
    yield "| --- | --- | --- | --- |"
    for row in rows[:SHOWN]:
        yield f"| {markdown(row.name[:CELL])} | {_digest(row.before)} | {_digest(row.after)} | {turned(row)} |"


def _alone(comparison: Comparison, rows: Sequence[Changed]) -> Iterator[str]:
    yield f"| Data set | {markdown(short(comparison.to))} |"
    yield "| --- | --- |"
    for row in rows[:SHOWN]:
        yield f"| {markdown(row.name[:CELL])} | {_digest(row.after)} |"


def set_rows(comparison: Comparison) -> tuple[Changed, ...]:
    """The digests of each data set by name and use; what changed stands first."""
    before, after = _by_name(comparison.datasets_before), _by_name(comparison.datasets)
    rows = (Changed(name, before.get(name), after.get(name)) for name in {**after, **before})
    return tuple(sorted(rows, key=lambda row: row.before == row.after))


def turned(row: Changed) -> str:
    """What happened to it, in a word."""
    if row.before == row.after:
        return "same"
    return "new" if row.before is None else "not used any more" if row.after is None else "changed"


def _by_name(sets: Sequence[DatasetInput]) -> dict[str, str]:
    """One name may stand for several: their digests together, in an order that does not change."""
    found: dict[str, set[str]] = {}
    for one in sets:
        name = f"{one.name} ({one.context})" if one.context else one.name
        found.setdefault(name, set()).add(one.digest or "no digest")
    return {name: ", ".join(sorted(digests)) for name, digests in sorted(found.items())}


def _digest(text: str | None) -> str:
    return "–" if text is None else markdown(text[:CELL])
