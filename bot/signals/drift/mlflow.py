"""The metrics of an MLflow run to a window: by names such as `drift.psi.*`, where the star is the feature.

The word before the star, or the last one, is the method: `drift.psi.amount` is the PSI of amount, and of
`drift.ks.p_value` the side of the limit is known too. A limit stands in the policy; a metric without one is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.drifting.methods import method_of
from bot.domain.drifting.scoring import Way
from bot.domain.drifting.windows import Kind, Reading, Window
from bot.signals.drift.about import About
from bot.signals.drift.building import reading, window
from bot.signals.reading import words

SOURCE = "mlflow"


def metrics(
    run_metrics: Mapping[str, float], patterns: Sequence[str], thresholds: Mapping[str, float], about: About
) -> Window | None:
    """The window of one run; None when no metric has such a name. ``thresholds`` are by pattern; without one there the
    sender's own counts. Raises BadBody when nobody says which model and environment it is about."""
    found = list(_readings(run_metrics, patterns, thresholds, about))
    return window(SOURCE, about, about.kind or Kind.DRIFT, found) if found else None


def feature_of(name: str, pattern: str) -> str | None:
    """What stands where the pattern has its star, "" for a pattern without one; None for a name of another form."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if name == pattern else None
    fits = name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after)
    return name[len(before) : len(name) - len(after)] if fits else None


def _readings(
    run_metrics: Mapping[str, float], patterns: Sequence[str], thresholds: Mapping[str, float], about: About
) -> Iterator[Reading]:
    for name in sorted(run_metrics):
        fitting = ((pattern, feature_of(name, pattern)) for pattern in patterns)
        pattern, feature = next(((one, found) for one, found in fitting if found is not None), ("", None))
        if feature is not None:
            method = _method(pattern)
            way = None if method_of(method) else Way.ABOVE
            limit = thresholds.get(pattern, about.threshold)
            yield reading(feature, method, run_metrics[name], limit, way=way)


def _method(pattern: str) -> str:
    """The word next to the star, in front of it or else behind it; without a star the last word."""
    before, _, after = pattern.partition("*")
    parts = [part for part in before.split(".") if part] or [part for part in after.split(".") if part]
    return words(parts[-1]) if parts else "metric"
