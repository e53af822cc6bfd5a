"""Lays two versions side by side. Pure: what was asked of registry, forge and repo comes in, a comparison goes out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from bot.domain.change import Intent
from bot.domain.compared import Compared
from bot.domain.comparison import Changed, Comparison, Elsewhere, MetricDelta, Missing
from bot.domain.facts import ModelVersion
from bot.domain.policy import ModelPolicy
from bot.domain.policy.gates import direction_of
from bot.domain.signature import differences

COMMIT = re.compile(r"[0-9a-f]{7,64}")
"""A commit by its id. MLflow's tag may hold anything, so nothing else is asked of a forge."""
_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)


def compare(
    intent: Intent,
    model: ModelPolicy,
    candidate: ModelVersion | None,
    deployed: ModelVersion | None,
    *,
    requirements: tuple[Sequence[str], Sequence[str]] | None = None,
    commits: Compared | None = None,
    elsewhere: tuple[Elsewhere, ...] = (),
    missing: tuple[Missing, ...] = (),
) -> Comparison:
    """The candidate beside the deployed version. ``requirements``: the deployed version's and the candidate's lines, as
    pip writes them. ``missing``: what else could not be asked for."""
    unknown: list[Missing] = [] if candidate else ["candidate"]
    unknown += ["deployed"] if intent.frm and deployed is None else []
    frm = intent.frm or None
    return Comparison(
        model=intent.model,
        environment=intent.environment,
        frm=frm,
        to=intent.to,
        known_before=deployed is not None,
        metrics=metric_deltas(model, candidate, deployed),
        params=_params(candidate, deployed),
        datasets=candidate.datasets if candidate else (),
        datasets_before=deployed.datasets if candidate and deployed else (),
        requirements=changed_requirements(*requirements) if requirements else (),
        commit=_commit(candidate),
        commit_before=_commit(deployed),
        commits=commits,
        signature=differences(deployed.signature, candidate.signature) if candidate and deployed else (),
        elsewhere=elsewhere,
        owners=model.owners,
        created_at=candidate.created_at if candidate else None,
        created_before=deployed.created_at if deployed else None,
        missing=(*unknown, *missing),
    )


def metric_deltas(
    model: ModelPolicy, candidate: ModelVersion | None, deployed: ModelVersion | None
) -> tuple[MetricDelta, ...]:
    """Every metric of the two, the model's primary one first, then what the candidate has, by name."""
    if candidate is None:
        return ()
    after, before = candidate.metrics, deployed.metrics if deployed else {}
    names = sorted({*after, *before}, key=lambda name: (name != model.primary_metric, name not in after, name))
    return tuple(_delta(model, name, before.get(name), after.get(name)) for name in names)


def _delta(model: ModelPolicy, name: str, before: float | None, after: float | None) -> MetricDelta:
    primary = name == model.primary_metric
    if before is None or after is None or not (math.isfinite(before) and math.isfinite(after)):
        return MetricDelta(name, before, after, primary=primary)
    difference = after - before
    direction = direction_of(name, model.greater_is_better if primary else None)
    better = None if direction is None or difference == 0 else (difference > 0) == (direction == "higher")
    percent = 100 * difference / abs(before) if before else None
    return MetricDelta(name, before, after, _finite(difference), _finite(percent), better, primary)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _params(candidate: ModelVersion | None, deployed: ModelVersion | None) -> tuple[Changed, ...]:
    return _changed(deployed.params, candidate.params) if candidate and deployed else ()


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Changed, ...]:
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return tuple(Changed(name, before.get(name), after.get(name)) for name in names)


def changed_requirements(before: Sequence[str], after: Sequence[str]) -> tuple[Changed, ...]:
    """Libraries whose version differs. A line that names no library (a URL, an option) stands for itself."""
    return _changed(_libraries(before), _libraries(after))


def _libraries(lines: Sequence[str]) -> dict[str, str]:
    named = (_REQUIREMENT.fullmatch(line.strip()) for line in lines)
    known: dict[str, str] = {}
    for line, found in zip(lines, named, strict=True):
        name = re.sub(r"[-_.]+", "-", found[1]).lower() if found else line.strip()
        known[name] = (found[2].strip() if found else "") or "any"
    return known


def _commit(version: ModelVersion | None) -> str | None:
    return (version.git_commit or None) if version else None


def comparable(candidate: ModelVersion | None, deployed: ModelVersion | None) -> tuple[str, str] | None:
    """The training commits of both, where they are commits and differ: the base, and the head."""
    base, head = _commit(deployed), _commit(candidate)
    ids: Callable[[str], object] = COMMIT.fullmatch
    return (base, head) if base and head and base != head and ids(base) and ids(head) else None
