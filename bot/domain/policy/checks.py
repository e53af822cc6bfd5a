"""What no single key can show: names that clash, targets that share a value, models that a gate cannot judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.policy.build import bindings
from bot.domain.policy.check_blocks import check_blocks
from bot.domain.policy.check_digests import check_digests
from bot.domain.policy.check_drift import check_drift
from bot.domain.policy.check_entries import check_entries
from bot.domain.policy.check_fan_out import check_fan_out
from bot.domain.policy.check_gates import check_gates
from bot.domain.policy.check_layouts import check_layouts
from bot.domain.policy.check_propose import check_propose
from bot.domain.policy.check_retrain import check_retrain
from bot.domain.policy.check_sharing import check_formats, check_inheritance, check_models, check_sharing, leaf
from bot.domain.policy.check_steps import check_steps
from bot.domain.policy.entries import mapping, no_environment
from bot.domain.policy.fan_out import names_of, regions_in
from bot.domain.policy.load import Key
from bot.domain.policy.names import validate_name
from bot.domain.policy.policy import Policy
from bot.domain.policy.regions import every_name
from bot.domain.policy.schema import PolicyFile
from bot.domain.policy.schema_targets import TargetEntry
from bot.errors import Refused

Finding = tuple[Key, str]


def check_names(data: Mapping[str, object]) -> Iterator[Finding]:
    """Environments' and models' names. Looks at the file as it was read, so that it works beside other faults."""
    environments, models = mapping(data.get("environments")), mapping(data.get("models"))
    known = every_name(environments)
    yield from _aliases(environments)
    for name, rule in models.items():
        try:
            validate_name("model", name)
        except Refused as refused:
            yield ("models", name), f"{refused.message} {refused.unblock}"
        for stage in mapping(mapping(rule).get("targets")):
            if stage not in known:
                yield ("models", name, "targets", stage), no_environment(stage, known)
    yield from check_entries(data)


def _aliases(environments: Mapping[str, object]) -> Iterator[Finding]:
    owner = {name: name for name in environments}
    for name, rule in environments.items():
        aliases = mapping(rule).get("aliases")
        for place, alias in enumerate(aliases if isinstance(aliases, tuple) else ()):
            if isinstance(alias, str) and owner.setdefault(alias, name) != name:
                yield ("environments", name, "aliases", place), f"{alias!r} is a name of {owner[alias]} already"


def check_policy(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """What holds between the parts of a policy whose shape is right."""
    for name, rule in file.models.items():
        if rule.targets:
            yield from check_sharing(name, policy)
            yield from check_formats(name, policy)
            yield from check_inheritance(name, policy)
    yield from check_models(policy)
    yield from check_inheritance(None, policy)
    yield from check_blocks(policy)
    yield from check_steps(file, policy)
    yield from check_layouts(policy)
    yield from check_fan_out(file, policy)
    yield from check_propose(file, policy)
    yield from check_drift(file, policy)
    yield from check_digests(file, policy)
    yield from check_retrain(file, policy)
    yield from check_gates(file, policy)
    yield from _environments(file)
    yield from _models(file)


def _environments(file: PolicyFile) -> Iterator[Finding]:
    """A layout without {environment} says that all environments share its value, or is at fault."""
    regions = regions_in(file)
    each = [name for stage in file.environments for name in names_of(stage, regions)]
    for place, entry in enumerate(file.layouts):
        served = list(regions) if _holds(entry, "region") else each
        shared = {name for stage in entry.shared_with for name in (stage, *names_of(stage, regions))}
        missing = [name for name in served if name not in shared]
        if len(served) > 1 and missing and not _holds(entry, "environment"):
            named = f"if it shall, name them all in shared_with; {', '.join(missing[:5])} is not there"
            yield ("layouts", place), f"{_missing('environment')} ({named})"


def _models(file: PolicyFile) -> Iterator[Finding]:
    for place, entry in enumerate(file.layouts):
        if not _holds(entry, "model"):
            yield ("layouts", place), _missing("model")


def _missing(variable: str) -> str:
    return f"{{{variable}}} is missing from the file, the document or at; one value would serve every {variable}"


def _holds(entry: TargetEntry, variable: str) -> bool:
    return all(f"{{{variable}}}" in "\n".join(map(str, leaf(binding))) for binding in bindings(entry))
