"""From one environment to one a region: the same rules for each, and those after the first wait for the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.policy.model import Environment, RolloutRule, SoakGate
from bot.domain.policy.regions import REGION, Region, ordered
from bot.domain.policy.schema import EnvironmentRule, PolicyFile
from bot.domain.policy.schema_rollout import After, FanOut

Regions = Mapping[str, tuple[Region, ...]]
"""The regions of each environment of the policy file that fans out, the first one in front."""


def regions_in(file: PolicyFile) -> dict[str, tuple[Region, ...]]:
    """The regions of every environment that has some."""
    return {
        name: ordered(name, rule.fan_out.regions, rule.fan_out.first)
        for name, rule in file.environments.items()
        if rule.fan_out is not None
    }


def names_of(name: str, regions: Regions) -> tuple[str, ...]:
    """The environments that a name of the policy file stands for."""
    return tuple(region.name for region in regions.get(name, ())) or (name,)


def soak_gates(after: After | None, regions: Regions) -> tuple[SoakGate, ...]:
    """What `after` asks for: one gate for each region of the stage before."""
    names = names_of(after.environment, regions) if after else ()
    return tuple(soak_gate(name, after.soak.total_seconds()) for name in names if after)


def soak_gate(environment: str, seconds: float) -> SoakGate:
    """The gate, by the name that cards and `plan --json` show."""
    return SoakGate(f"soak {environment}", environment, seconds)


def expanded(stage: Environment, rule: EnvironmentRule, regions: Regions) -> tuple[Environment, ...]:
    """The environment itself, or one for each of its regions."""
    if rule.fan_out is None:
        return (stage,)
    first = regions[stage.name][0]
    return tuple(_in_region(stage, rule.fan_out, region, first) for region in regions[stage.name])


def _in_region(stage: Environment, rule: FanOut, region: Region, first: Region) -> Environment:
    waits = () if region == first else (soak_gate(first.name, rule.soak.total_seconds()),)
    return replace(
        stage,
        name=region.name,
        aliases=tuple(f"{alias}-{region.region}" for alias in stage.aliases),
        gates=(*stage.gates, *waits),
        rollout=_rollout(stage.rollout, region),
        fanned=region.fanned,
        region=region.region,
        first=region == first,
    )


def _rollout(rule: RolloutRule, region: Region) -> RolloutRule:
    """Beside `{region}`, `{environment}` is the name without it, as in paths."""
    if REGION not in rule.application:
        return rule
    filled = rule.application.replace("{environment}", region.fanned).replace(REGION, region.region)
    return replace(rule, application=filled)
