"""Which environment is meant where nobody names one, or names one that has regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.chain import Pinned, next_stage
from bot.domain.policy import Environment, Policy, Target
from bot.usecases.repo import Repo, known_models, target_at, unknown_model


@dataclass(frozen=True)
class Stage:
    """The environment of a promotion; ``why`` says why it is this one, where it was not named itself."""

    environment: Environment
    why: str = ""


def named(policy: Policy, name_or_alias: str | None) -> Stage | None:
    """The environment that was named itself; None where it is to be chosen. Raises Refused(UNKNOWN_ENVIRONMENT)."""
    if name_or_alias is None or policy.is_fanned(name_or_alias):
        return None
    return Stage(policy.environment(name_or_alias))


def chosen(
    repo: Repo, policy: Policy, commit: str, model: str, asked: str | None, version_at: Callable[[Target], str]
) -> Stage:
    """The next stage for a version: of the whole promotion order, or of the regions of ``asked``. ``version_at`` is how
    the version is written in a target. Raises Refused(UNKNOWN_MODEL | NO_TARGET | ALREADY_DEPLOYED)."""
    among = policy.stages(asked) if asked else policy.environments
    stages = [(stage, target, version_at(target)) for stage, target in targets(repo, policy, commit, model, among)]
    if not stages:
        require_model(repo, commit, model)
    version = stages[0][2] if stages else ""
    pinned = [_pinned(repo, commit, target, written, version) for _, target, written in stages]
    choice = next_stage(model, version, pinned)
    return Stage(policy.environment(choice.environment), choice.words)


def targets(
    repo: Repo, policy: Policy, commit: str, model: str, among: Sequence[Environment]
) -> Iterator[tuple[Environment, Target]]:
    """The environments where the model has a target, in promotion order."""
    for stage in among:
        target = target_at(policy, repo, commit, model, stage.name)
        if target is not None:
            yield stage, target


def require_model(repo: Repo, commit: str, model: str) -> None:
    """Raises Refused(UNKNOWN_MODEL) for a model that the deployment repo does not declare."""
    known = known_models(repo, commit)
    if model not in known:
        raise unknown_model(model, known)


def _pinned(repo: Repo, commit: str, target: Target, written: str, version: str) -> Pinned:
    now = repo.deployed(commit, target).version
    return Pinned(target.environment, version if now == written else None)
