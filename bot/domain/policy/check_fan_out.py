"""What must hold between stages: who waits for whom, the names of regions, and where `{region}` may stand."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.policy.build import bindings
from bot.domain.policy.check_sharing import leaf
from bot.domain.policy.entries import no_environment
from bot.domain.policy.fan_out import regions_in
from bot.domain.policy.load import Key
from bot.domain.policy.names import validate_name
from bot.domain.policy.policy import Policy
from bot.domain.policy.regions import REGION
from bot.domain.policy.schema import PolicyFile
from bot.domain.policy.schema_targets import TargetEntry
from bot.errors import Refused

Finding = tuple[Key, str]
MAX_ENVIRONMENTS = 100
_ONE_FOR_ALL = "{region} is missing from the file, the document or at; one value would serve every region"


def check_fan_out(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """Regions and the order of stages, of a policy whose shape is right."""
    yield from _after(file)
    yield from _names(policy)
    yield from _applications(file)
    yield from _layouts(file)
    yield from _targets(file)
    if len(policy.environments) > MAX_ENVIRONMENTS:
        yield ("environments",), f"{len(policy.environments)} with all regions; at most {MAX_ENVIRONMENTS}"


def _after(file: PolicyFile) -> Iterator[Finding]:
    """The stage to wait for stands earlier, so that nobody waits for each other."""
    regions = regions_in(file)
    owner = {name: name for name in file.environments}
    owner |= {region.name: name for name, found in regions.items() for region in found}
    order = list(file.environments)
    for name, rule in file.environments.items():
        if rule.after is None:
            continue
        key: Key = ("environments", name, "after", "environment")
        before = owner.get(rule.after.environment)
        if before is None:
            yield key, no_environment(rule.after.environment, dict.fromkeys(owner))
        elif order.index(before) >= order.index(name):
            yield key, f"{rule.after.environment} does not stand before {name} in the promotion order"


def _names(policy: Policy) -> Iterator[Finding]:
    """No region's name, or its alias, is another environment's; and each is a name."""
    plain = [stage for stage in policy.environments if stage.fanned is None]
    owner = {name: stage.name for stage in plain for name in (stage.name, *stage.aliases)}
    for stage in policy.environments:
        if stage.fanned is None:
            continue
        key: Key = ("environments", stage.fanned, "fan_out", "regions")
        for name in dict.fromkeys((stage.name, *stage.aliases)):
            if name in owner:
                yield key, f"{name!r} is a name of {owner[name]} already"
            owner[name] = stage.name
        try:
            validate_name("environment", stage.name)
        except Refused as refused:
            yield key, f"{refused.message} {refused.unblock}"


def _applications(file: PolicyFile) -> Iterator[Finding]:
    for name, rule in file.environments.items():
        if REGION in rule.rollout.application and rule.fan_out is None:
            yield ("environments", name, "rollout", "application"), _no_regions(name)


def _layouts(file: PolicyFile) -> Iterator[Finding]:
    fanned = any(rule.fan_out for rule in file.environments.values())
    for place, entry in enumerate(file.layouts):
        if _mentions(entry) and not fanned:
            yield ("layouts", place), "{region} is written, but no environment has fan_out"
        elif _mentions(entry) and not _in_every_place(entry):
            yield ("layouts", place), _ONE_FOR_ALL
        yield from _inherits(("layouts", place), entry, file)


def _targets(file: PolicyFile) -> Iterator[Finding]:
    for model, rule in file.models.items():
        for stage, entries in rule.targets.items():
            fanned = stage in file.environments and file.environments[stage].fan_out is not None
            for place, entry in enumerate(entries):
                key: Key = ("models", model, "targets", stage, place)
                if _mentions(entry) and not fanned:
                    yield key, _no_regions(stage)
                yield from _inherits(key, entry, file)


def _inherits(key: Key, entry: TargetEntry, file: PolicyFile) -> Iterator[Finding]:
    source = entry.when_absent.partition(":")[2]
    regions = regions_in(file).get(source, ())
    if regions:
        known = ", ".join(region.name for region in regions)
        yield (*key, "when_absent"), f"{source} has regions; name one of them: {known}"


def _mentions(entry: TargetEntry) -> bool:
    """Whether `{region}` stands anywhere in it."""
    return REGION in f"{entry.files} {entry.doc} {entry.rollback.scope} {entry.at} {entry.value} {entry.set}"


def _in_every_place(entry: TargetEntry) -> bool:
    return all(REGION in "\n".join(map(str, leaf(binding))) for binding in bindings(entry))


def _no_regions(stage: str) -> str:
    return f"{{region}} is written, but {stage} has no fan_out"
