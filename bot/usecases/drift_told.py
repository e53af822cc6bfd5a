"""What lies in a declared source, and the windows that one of it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from bot.domain.drifting.cursor import Written
from bot.domain.drifting.templates import as_glob, names_in
from bot.domain.drifting.windows import Window
from bot.domain.policy.model_drift import SourceRule
from bot.errors import Reason, Refused
from bot.ports import DriftFile, DriftFiles, LoggedRun, MetricRuns
from bot.signals.drift import About, metrics, parse
from bot.signals.reading import BadBody
from bot.usecases.context import Context

MOST_BYTES = 1024 * 1024
"""As of a webhook."""


class Told(Protocol):
    """One source."""

    def since(self, moment: float) -> Iterable[Any]:
        """What was written since, the oldest first. Raises Refused, Transient."""
        ...

    def windows(self, one: Any) -> Sequence[Window]:
        """What it says. Raises BadBody, Refused(DATA_UNREADABLE), Transient."""
        ...


def told_by(ctx: Context, source: SourceRule) -> Told:
    """Raises Refused(NOT_SUPPORTED) where nothing here reads such a source."""
    if source.type == "mlflow" and ctx.metric_runs is not None:
        return _Metrics(ctx.metric_runs, source)
    if source.type != "mlflow" and ctx.drift_files is not None:
        return _Reports(ctx.drift_files, source)
    raise Refused(Reason.NOT_SUPPORTED, f"Nothing here reads sources of the type {source.type}.")


class _Reports:
    """Files that a tool writes. Model and environment are the source's own, or stand in the path."""

    def __init__(self, files: DriftFiles, source: SourceRule) -> None:
        self._files, self._source = files, source

    def since(self, moment: float) -> Iterable[DriftFile]:
        return self._files.list(as_glob(self._source.place, {}), moment)

    def windows(self, one: DriftFile) -> Sequence[Window]:
        names = names_in(self._source.place, one.path)
        if names is None:
            return ()  # the path says two models at once: the glob is wider than the template
        content = self._files.read(one, MOST_BYTES)
        found = parse(self._source.type, _json(content), _about(self._source, names, one))
        if not found:
            raise BadBody("it tells nothing of drift")
        return found


class _Metrics:
    """Runs of MLflow. Model and environment are the source's own, or tags of the run."""

    def __init__(self, runs: MetricRuns, source: SourceRule) -> None:
        self._runs, self._source = runs, source

    def since(self, moment: float) -> Iterable[LoggedRun]:
        return self._runs.ended(self._source.experiment, moment)

    def windows(self, one: LoggedRun) -> Sequence[Window]:
        about = _about(self._source, one.tags, one)
        found = metrics(one.metrics, self._source.metrics, self._source.limits, about)
        return () if found is None else (found,)


def _about(source: SourceRule, names: Any, one: Written) -> About:
    return About(
        model=source.model or names.get("model", ""),
        environment=source.environment or names.get("environment", ""),
        monitor=source.name,
        received=one.modified,
        share=source.share,
        threshold=source.threshold,
    )


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadBody(f"not JSON: {type(error).__name__}") from None
