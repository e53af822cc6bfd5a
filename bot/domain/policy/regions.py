"""The names of regions: an environment that fans out is one environment a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.policy.entries import items, mapping

REGION = "{region}"


@dataclass(frozen=True)
class Region:
    """One region of the environment ``fanned``; ``name`` is that of the environment that it becomes."""

    name: str
    fanned: str
    region: str


def named(environment: str, region: str) -> str:
    """`production-eu`."""
    return f"{environment}-{region}"


def ordered(environment: str, regions: tuple[str, ...], first: str | None) -> tuple[Region, ...]:
    """The environment's regions, the one that goes first in front; the others as they are written."""
    names = dict.fromkeys((first, *regions) if first else regions)
    return tuple(Region(named(environment, one), environment, one) for one in names)


def every_name(environments: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """What targets and `shared_with` may name, out of a policy file as it was read: every environment with the names of
    its regions, and every region. One that does not fan out stands for itself."""
    found: dict[str, tuple[str, ...]] = {}
    for name, rule in environments.items():
        written = items(mapping(mapping(rule).get("fan_out")).get("regions"))
        regions = tuple(named(name, one) for one in written if isinstance(one, str))
        found[name] = regions or (name,)
        found |= {region: (region,) for region in regions}
    return found
