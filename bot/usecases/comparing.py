"""Gather what the comparison of a change lays side by side. Nobody who does not answer keeps it from being made."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Intent
from bot.domain.compared import Compared
from bot.domain.comparing import comparable, compare
from bot.domain.comparison import Comparison, Elsewhere, Missing
from bot.domain.facts import ModelVersion
from bot.domain.policy import Policy
from bot.domain.policy.stepping import is_stepped, with_steps
from bot.errors import SlackOpsError
from bot.usecases.context import Context
from bot.usecases.fleet_places import Placed
from bot.usecases.repo import Repo


def comparison_of(
    ctx: Context,
    repo: Repo,
    policy: Policy,
    base: str,
    intent: Intent,
    versions: tuple[ModelVersion | None, ModelVersion | None],
    *,
    deep: bool = True,
) -> Comparison:
    """The comparison of an intent. ``versions``: the candidate and the deployed one, as the registry tells them.

    ``deep`` is False where nothing may be waited for: then neither commits nor libraries are asked for. What was asked
    once is kept for the process.
    """
    candidate, deployed = versions
    model = policy.model(intent.model)
    commits, no_commits = _commits(ctx, model.repo, versions) if deep else (None, False)
    libraries, no_libraries = _libraries(ctx, candidate, deployed) if deep else (None, False)
    missing: list[Missing] = ["commits"] if no_commits else []
    missing += ["requirements"] if no_libraries else []
    elsewhere, all_told = _elsewhere(repo, base, intent)
    missing += [] if all_told else ["elsewhere"]
    told = compare(
        intent,
        model,
        candidate,
        deployed,
        requirements=libraries,
        commits=commits,
        elsewhere=elsewhere,
        missing=tuple(missing),
    )
    return replace(told, deep=deep)


def _commits(
    ctx: Context, training: str | None, versions: tuple[ModelVersion | None, ModelVersion | None]
) -> tuple[Compared | None, bool]:
    """What came between the two, and whether that should be known and is not. Only the policy names the repository:
    what a version's tags say of one is not to be trusted."""
    asked = comparable(*versions)
    if training is None or asked is None:
        return None, False
    base, head = asked
    now = ctx.clock.now()
    key = ("commits", training, base, head)
    found = ctx.version_facts.get(key, now, lambda: ctx.forge.compare(training, base, head))
    return found, found is None


def _libraries(
    ctx: Context, candidate: ModelVersion | None, deployed: ModelVersion | None
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]] | None, bool]:
    """The requirements of both; neither is asked for where there is nothing to lay it beside."""
    if candidate is None or deployed is None:
        return None, False
    before, after = _requirements(ctx, deployed), _requirements(ctx, candidate)
    if before is None or after is None:
        return None, True
    return (before, after), False


def _requirements(ctx: Context, version: ModelVersion) -> tuple[str, ...] | None:
    key = ("requirements", version.model, version.version)
    return ctx.version_facts.get(key, ctx.clock.now(), lambda: ctx.registry.requirements(version))


def _elsewhere(repo: Repo, base: str, intent: Intent) -> tuple[tuple[Elsewhere, ...], bool]:
    """What the other environments have of the model, in promotion order, and whether all of it is told by number: a
    registry that is silent names no version for an id."""
    try:
        view = repo.fleet.view(base)
    except SlackOpsError:
        return (), False
    found = (
        (stage.name, view.placed.get((intent.model, stage.name)))
        for stage in view.policy.environments
        if stage.name != intent.environment
    )
    told = [(name, *_version(repo, base, placed)) for name, placed in found if placed is not None]
    return tuple(Elsewhere(name, version) for name, version, _ in told), all(known for _, _, known in told)


def _version(repo: Repo, base: str, placed: Placed) -> tuple[str | None, bool]:
    """As `/models` shows it, without asking anybody for more, and whether it is a version and not an id in words."""
    target, holds = placed.target, placed.holds
    stepping = with_steps(target, repo.policy(base).steps_for(target.model, target.environment))
    if is_stepped(stepping):
        deployed = repo.deployed(base, stepping)
        return deployed.version, deployed.version is None or not _an_id(deployed.version)
    if holds is None or holds.state != "pinned":
        return None, True
    name = repo.names.name(repo.registered(target), holds)
    return name, holds.version is not None or name is None or not _an_id(name)


def _an_id(words: str) -> bool:
    return words.startswith(("model ", "run "))
