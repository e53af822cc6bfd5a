"""Doctor's look at declared sources and runs of drift: can their data be reached from here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from bot.domain.doctor import Finding, fail, ok, warn
from bot.domain.drifting.declared import runs_of
from bot.domain.drifting.measuring import DataSet
from bot.domain.drifting.templates import as_glob
from bot.domain.policy import Policy
from bot.domain.policy.shown import nearest
from bot.errors import SlackOpsError
from bot.ports import DriftFiles, DriftMemory, MetricRuns
from bot.usecases.drift_strangers import strangers

NAME = "drift"
Target = tuple[str, str]
MOST_STRANGERS = 5
"""That are named."""


@dataclass(frozen=True)
class DriftProbes:
    """Whom to ask. ``measures``: the extra is there; ``is_set``: whether an environment variable has a value;
    ``memory`` is None where the database has none yet."""

    files: DriftFiles
    runs: MetricRuns
    measures: bool
    is_set: Callable[[str], bool]
    memory: DriftMemory | None = None

    def findings(self, policy: Policy, now: float, targets: Collection[Target]) -> Iterator[Finding]:
        """One line for each thing that is wrong; one in all where nothing is. Nothing is read but lists of files.
        ``targets`` are the models and environments that the deployment repo declares."""
        drift = policy.drift
        found = [*self._sources(policy, now), *self._data(policy)]
        if drift.runs and not self.measures:
            found.append(fail(NAME, "runs are declared, and nothing here measures", "Install the extra `drift`."))
        if not found and (drift.runs or drift.sources):
            words = f"{len(drift.sources)} sources and {len(drift.runs)} runs: what they read can be reached"
            found.append(ok(NAME, words))
        yield from found
        yield from _idle(policy, targets)
        yield from self._strangers(policy, now)

    def _strangers(self, policy: Policy, now: float) -> Iterator[Finding]:
        for one in islice(strangers(self.memory, policy, now) if self.memory else (), MOST_STRANGERS):
            near = nearest(one.model, policy.models)
            hint = f" Did you mean {near}?" if near and near != one.model else ""
            words = f"{one.monitor} tells of {one.model} in {one.environment}, which the policy does not have"
            yield warn(NAME, words, f"Nothing comes of it: mend the names where they are sent.{hint}")

    def _sources(self, policy: Policy, now: float) -> Iterator[Finding]:
        for source in policy.drift.sources:
            look = _logged(self.runs, source.experiment, now) if source.experiment else self._listed(source.place)
            yield from _tried(f"source {source.name}", look)

    def _data(self, policy: Policy) -> Iterator[Finding]:
        for rule in policy.drift.runs:
            for data in (rule.run.reference, rule.run.current):
                yield from self._one(f"run {rule.run.name}", data)

    def _one(self, name: str, data: DataSet) -> Iterator[Finding]:
        if data.database and not self.is_set(data.database):
            yield fail(NAME, f"{name}: {data.database} is not set", "Set it to the URL of the database.")
        if data.path and (self.measures or "://" not in data.path):
            yield from _tried(name, self._listed(data.path))

    def _listed(self, place: str) -> Callable[[], object]:
        return lambda: next(self.files.list(as_glob(place, {})), None)


def _idle(policy: Policy, targets: Collection[Target]) -> Iterator[Finding]:
    """A pattern may be for models that are still to come."""
    for rule in policy.drift.runs:
        alone = replace(policy, drift=replace(policy.drift, runs=(rule,)))
        if not runs_of(alone, targets):
            named, where = ", ".join(rule.models), rule.run.environment
            words = f"run {rule.run.name}: no model of the deployment repo is like {named} in {where}"
            yield warn(NAME, words, "Until one is, it measures nothing: mend `model` or `environment`.")


def _logged(runs: MetricRuns, experiment: str, now: float) -> Callable[[], object]:
    """Only whether it is there: nothing ended after now."""
    return lambda: runs.ended(experiment, now)


def _tried(name: str, look: Callable[[], object]) -> Iterator[Finding]:
    try:
        look()
    except SlackOpsError as why:
        yield fail(NAME, f"{name}: {why}", getattr(why, "unblock", None) or "See that it can be reached from here.")
