"""What is wrong with declared sources and runs of drift beyond the shape of each key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.drifting.templates import open_names
from bot.domain.policy.entries import no_environment
from bot.domain.policy.load import Key
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import PolicyFile
from bot.domain.policy.schema_drift_runs import DataEntry, RunEntry
from bot.domain.policy.shown import nearest

Finding = tuple[Key, str]


def check_drift(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """Names are told apart, environments and models are there, and no two models share a data set."""
    runs, sources = ("drift", "runs"), ("drift", "sources")
    yield from _twice(runs, (run.name for run in file.drift.runs))
    yield from _twice(sources, (source.name for source in file.drift.sources))
    for place, source in enumerate(file.drift.sources):
        yield from _environment((*sources, place), source.environment, policy)
        yield from _model((*sources, place, "model"), source.model, file)
        if source.environment and policy.is_fanned(source.environment):
            regions = ", ".join(stage.name for stage in policy.stages(source.environment))
            yield (*sources, place, "environment"), f"{source.environment} has regions; name one of them: {regions}"
    for place, run in enumerate(file.drift.runs):
        yield from _environment((*runs, place), run.environment, policy)
        for number, name in enumerate(run.model):
            yield from _model((*runs, place, "model", number), name, file)
        yield from _shared((*runs, place), run, policy)


def _twice(key: Key, names: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield (*key, place, "name"), f"another one is called {name!r} too"
        seen.add(name)


def _environment(key: Key, name: str | None, policy: Policy) -> Iterator[Finding]:
    if name is not None and not policy.stages(name):
        known = dict.fromkeys(one for stage in policy.environments for one in (stage.name, *stage.aliases))
        yield (*key, "environment"), no_environment(name, known)


def _model(key: Key, name: str | None, file: PolicyFile) -> Iterator[Finding]:
    """Where there are layouts, models come from the paths of the repo, which nobody looks at here."""
    if name is None or "*" in name or "?" in name or file.layouts or name in file.models:
        return
    near = nearest(name, file.models)
    yield key, f"there is no model {name!r}{f'; did you mean {near}?' if near else ''}"


def _shared(key: Key, run: RunEntry, policy: Policy) -> Iterator[Finding]:
    several: Mapping[str, bool] = {
        "model": len(run.model) > 1 or any("*" in name or "?" in name for name in run.model),
        "environment": len(policy.stages(run.environment)) > 1,
    }
    for name in (name for name, is_so in several.items() if is_so):
        if f"{{{name}}}" not in _words(run.current):
            yield (*key, "current"), f"{{{name}}} is missing; one data set would serve every {name}"


def _words(data: DataEntry) -> str:
    return " ".join(f"{{{name}}}" for name in open_names(f"{data.path or ''} {data.query or ''}"))
