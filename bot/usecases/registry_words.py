"""What `/models` says beside the pins: the registry's alias and what the cluster reports, where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.facts import ModelVersion
from bot.domain.list_cards import DeployedLine, ModelLine
from bot.domain.policy import Policy
from bot.domain.signal import Phase
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.told import told_of

RECENT_SECONDS = 30 * 86400.0
"""An engine that has said nothing for longer is not followed any more."""
SETTLED = frozenset({Phase.SYNCED, Phase.HEALTHY, Phase.DEGRADED, Phase.FAILED})


def marked(ctx: Context, repo: Repo, policy: Policy, line: ModelLine, found: Sequence[ModelVersion] = ()) -> ModelLine:
    """The line with its disagreements. ``found`` are versions that were read just now; other aliases are told as of the
    last look at the registry."""
    aliases = _aliases(ctx, policy, line.model, found)
    places = tuple(_cluster(ctx, repo, line.model, _alias(policy, place, aliases)) for place in line.deployed)
    return replace(line, deployed=places)


def _aliases(ctx: Context, policy: Policy, model: str, found: Sequence[ModelVersion]) -> dict[str, str]:
    seen = ctx.registry_memory.get(policy.registered_name(model)) if ctx.registry_memory else None
    return dict(seen.aliases if seen else {}) | {alias: one.version for one in found for alias in one.aliases}


def _alias(policy: Policy, place: DeployedLine, aliases: dict[str, str]) -> DeployedLine:
    try:
        alias = policy.environment(place.environment).healthy_alias
    except Refused:
        return place
    said = aliases.get(alias) if alias else None
    if not alias or said is None or place.version is None or said == place.version:
        return place
    return replace(place, alias=alias, aliased=said)


def _cluster(ctx: Context, repo: Repo, model: str, place: DeployedLine) -> DeployedLine:
    """What the newest word of an engine is about; nothing while a rollout is under way, or traffic is shared."""
    if place.version is None or place.serving:
        return place
    since = ctx.clock.now() - RECENT_SECONDS
    told = [one for one in told_of(ctx, repo, model, place.environment) if one[0] is not None]
    if not told or told[-1][1].phase not in SETTLED or told[-1][1].at < since or told[-1][0] == place.version:
        return place
    version, first = told[-1][0], told[-1][1].at
    for name, signal in reversed(told):
        if name != version:
            break
        first = signal.at
    return replace(place, cluster=version, cluster_since=first)
