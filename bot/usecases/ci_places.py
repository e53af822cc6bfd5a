"""Whom the CI of a repository concerns: its models, their channel and owners. By the policy."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.policy import Policy
from bot.errors import Reason, Refused
from bot.usecases.context import Context
from bot.usecases.repo import Repo, known_models

MOST_CHANNELS = 5


@dataclass(frozen=True)
class Concern:
    """A repository by the policy's spelling; ``every``: it is the deployment repo, which concerns every model."""

    repo: str
    models: tuple[str, ...]
    channels: tuple[str, ...]
    owners: tuple[str, ...]
    every: bool
    policy: Policy


def known_repos(policy: Policy, deployment: str) -> list[str]:
    """The ``deployment`` repo, those of `alerts.ci.repos`, and those of the models; each once."""
    named = (deployment, *policy.ci.repos, *(one.repo for one in policy.models.values() if one.repo))
    found: dict[str, str] = {}
    for name in named:
        found.setdefault(name.casefold(), name)
    return list(found.values())


def concern_of(ctx: Context, policy: Policy, name: str) -> Concern | None:
    """None for a repository that the policy does not name."""
    repo = next((one for one in known_repos(policy, ctx.forge.repository) if one.casefold() == name.casefold()), None)
    if repo is None:
        return None
    every = repo.casefold() == ctx.forge.repository.casefold()
    mine = [one for one in policy.models.values() if one.repo and one.repo.casefold() == repo.casefold()]
    places = [] if every else [one.channel or policy.channel for one in mine]
    channels = tuple(dict.fromkeys(places))[:MOST_CHANNELS] or (policy.channel,)
    owners = () if every else tuple(dict.fromkeys(owner for one in mine for owner in one.owners))
    return Concern(repo, tuple(sorted(one.name for one in mine)), channels, owners, every, policy)


def models_of(repo: Repo, concern: Concern) -> tuple[str, ...]:
    """The models that it concerns, by name."""
    return tuple(known_models(repo, repo.checkout.head())) if concern.every else concern.models


def places_of(concern: Concern) -> tuple[str, ...]:
    """The environments that it concerns, by name, and those that they are regions of."""
    stages = concern.policy.environments if concern.every else ()
    return tuple(dict.fromkeys(name for stage in stages for name in (stage.name, stage.fanned) if name))


def concern_here(ctx: Context, repo: Repo, name: str) -> Concern:
    """For what a person asks. Raises Refused(NOT_SUPPORTED) where the policy names no such repository."""
    found = concern_of(ctx, repo.policy(ctx.checkout.fetch()), name)
    if found is None or ctx.ci is None or ctx.ci_log is None:
        raise Refused(
            Reason.NOT_SUPPORTED,
            f"The policy does not name {name[:200]} as a repository whose CI is told about.",
            "Put it under `alerts.ci.repos`, or at its model as `repo`.",
        )
    return found
