"""The comparison of a change as its details page tells it: names and words, bounded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.compared import Compared
from bot.domain.comparison import Changed, Comparison, MetricDelta
from bot.domain.details import LINES, ROWS, ComparisonShown, Pair, short
from bot.domain.facts import DatasetInput
from bot.domain.figures import difference, judgement, pair

NONE = "–"


def comparison_shown(seen: Comparison) -> ComparisonShown:
    """All that differs; the first rows of each table where there are too many."""
    commits = seen.commits
    return ComparisonShown(
        metrics=tuple(map(_metric, seen.metrics[:ROWS])),
        params=tuple(map(_changed, seen.params[:ROWS])),
        datasets=_datasets(seen.datasets_before, seen.datasets)[:ROWS],
        requirements=tuple(map(_changed, seen.requirements[:ROWS])),
        elsewhere=tuple(Pair(short(e.environment), "", e.version or "nothing pinned") for e in seen.elsewhere[:ROWS]),
        commits=_commits(commits) if commits else (),
        commits_url=commits.url if commits else None,
        notes=tuple(short(note) for note in _notes(seen))[:LINES],
    )


def left_out(seen: Comparison) -> int:
    """How many rows the page does not have."""
    return sum(max(0, len(rows) - ROWS) for rows in (seen.metrics, seen.params, seen.requirements, seen.datasets))


def _metric(one: MetricDelta) -> Pair:
    name = f"{one.name} (primary)" if one.primary else one.name
    return Pair(short(name, 200), *pair(one.before, one.after), f"{difference(one)} {judgement(one)}".strip())


def _changed(one: Changed) -> Pair:
    return Pair(short(one.name, 200), short(_said(one.before)), short(_said(one.after)))


def _said(value: str | None) -> str:
    return NONE if value is None else value


def _datasets(before: Sequence[DatasetInput], after: Sequence[DatasetInput]) -> tuple[Pair, ...]:
    old, new = ({(one.name, one.context or ""): one.digest for one in side} for side in (before, after))
    return tuple(
        Pair(short(_of(key), 200), short(_said(old.get(key))), short(_said(new.get(key))), _same(old, new, key))
        for key in sorted({*old, *new})
    )


def _same(old: dict[tuple[str, str], str], new: dict[tuple[str, str], str], key: tuple[str, str]) -> str:
    if key not in old or key not in new:
        return "only before" if key in old else "new"
    return "same" if old[key] == new[key] else "changed"


def _of(key: tuple[str, str]) -> str:
    name, context = key
    return f"{name} ({context})" if context else name


def _commits(commits: Compared) -> tuple[str, ...]:
    shown = [short(f"{one.sha[:10]} {one.subject} ({one.author})", 200) for one in commits.commits[:LINES]]
    more = commits.ahead - len(shown)
    return (*shown, f"and {more} more") if more > 0 else tuple(shown)


def _notes(seen: Comparison) -> list[str]:
    known = seen.frm is None or seen.known_before
    first = [] if known else [f"The registry does not tell of {seen.frm} now."]
    nothing = ["Nothing was deployed before: there is nothing to compare with."] if seen.frm is None else []
    owners = [f"Owners: {', '.join(seen.owners)}."] if seen.owners else []
    ages = [
        f"{version} was registered on {_date(at)}."
        for version, at in ((seen.frm, seen.created_before), (seen.to, seen.created_at))
        if at is not None and version is not None
    ]
    trained = [f"Trained from commit {seen.commit}."] if seen.commit else []
    return [*nothing, *first, *seen.signature, *owners, *ages, *trained]


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
