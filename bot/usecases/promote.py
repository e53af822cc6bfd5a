"""`/promote MODEL VERSION|@ALIAS [ENV]`: observe, decide, apply."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Action, Aim
from bot.domain.commands import Promote
from bot.domain.decide import Decision, refuse_latest
from bot.domain.facts import ModelVersion
from bot.domain.policy import Environment, Policy, Target
from bot.domain.policy.stepping import every_slot
from bot.errors import Reason, Refused, RegistryUnavailable
from bot.manifests import variables_needed
from bot.ports import Row
from bot.usecases.act import act, resumed
from bot.usecases.context import Context
from bot.usecases.examine import Goal, examine, place_of
from bot.usecases.ladder_begin import in_steps
from bot.usecases.propose import Proposal
from bot.usecases.repo import Repo, find_target
from bot.usecases.stages import Stage, chosen, named, require_model


def promote(ctx: Context, repo: Repo, row: Row, command: Promote) -> None:
    """Carry out the command. Raises Refused for a no, Transient to be run again."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    if resumed(ctx, repo, policy, row):
        return
    stage = stage_of(ctx, repo, policy, base, command)
    plan, decision = promotion(ctx, repo, policy, base, stage.environment, row, command)
    act(ctx, repo, replace(plan, chosen=stage.why), decision)


def stage_of(ctx: Context, repo: Repo, policy: Policy, base: str, command: Promote) -> Stage:
    """The environment that was named, else the next stage of the promotion order for the version; the next region where
    the environment has some. Raises Refused."""
    stage = named(policy, command.environment)
    if stage is not None:
        return stage
    require_model(repo, base, command.model)
    version = candidate_of(ctx, policy, command).version
    return chosen(repo, policy, base, command.model, command.environment, lambda _: version)


def promotion(
    ctx: Context, repo: Repo, policy: Policy, base: str, environment: Environment, row: Row, command: Promote
) -> tuple[Proposal, Decision]:
    """What the promotion would be, and whether it may be. Raises Refused, and Transient."""
    target = find_target(policy, repo, base, command.model, environment)
    candidate = candidate_of(ctx, policy, command)
    variables = variables_of(candidate, target)
    place = place_of(repo, policy, base, target)
    goal = Goal(Action.PROMOTE, candidate.version, Aim(variables), candidate)
    return examine(ctx, repo, place, row, command, in_steps(ctx, repo, place, row, command.by, goal))


def candidate_of(ctx: Context, policy: Policy, command: Promote) -> ModelVersion:
    """The version asked for. Raises Refused; a registry that does not answer is a refusal too, after the retries."""
    name = policy.registered_name(command.model)
    try:
        if command.alias:
            return ctx.registry.by_alias(name, command.alias)
        if command.version == "latest":
            raise refuse_latest(command.model, command.environment, ctx.registry.versions(name, 1)).error()
        return ctx.registry.version(name, command.version or "")
    except RegistryUnavailable as why:
        raise RegistryUnavailable(f"MLflow did not answer about {name}: {why}", why.retry_after) from why


def variables_of(candidate: ModelVersion, target: Target) -> dict[str, str]:
    """What the target's templates may name, out of the registry. Raises Refused when a name has no value."""
    known = values_of(candidate, target)
    needed = variables_needed(every_slot(target))
    missing = sorted(name for name in needed if not known.get(name))
    if missing:
        raise Refused(
            Reason.UNKNOWN_VERSION,
            f"{target.model} {candidate.version} has no {missing[0]} in the registry; the target's template needs it.",
            f"Set it in MLflow, or change the template in the policy ({', '.join(missing)}).",
        )
    return {name: value for name in needed if (value := known[name])}


def values_of(candidate: ModelVersion, target: Target) -> dict[str, str | None]:
    """Everything that a template of the target may name, as the registry has it."""
    return {
        "version": candidate.version,
        "run_id": candidate.run_id,
        "model_id": candidate.model_id,
        "experiment_id": candidate.experiment_id,
        "model": target.model,
        "environment": target.environment,
        **{f"tags.{key}": value for key, value in candidate.tags.items()},
        **{one.name: _declared(candidate, one.source) for one in target.declared},
    }


def _declared(candidate: ModelVersion, source: str) -> str | None:
    """The value of a variable of the policy's own: `registry.tags.NAME`, `registry.params.NAME`, `registry.FIELD`."""
    kind, _, name = source.removeprefix("registry.").partition(".")
    match kind:
        case "tags":
            return candidate.tags.get(name)
        case "params":
            return candidate.params.get(name)
        case "source":
            return candidate.source
        case "git_commit":
            return candidate.git_commit
        case "artifact_digest":
            return candidate.artifact_digest
        case _:
            return None
