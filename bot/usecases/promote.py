"""`/promote MODEL VERSION|@ALIAS [ENV]`: observe, decide, apply."""

from __future__ import annotations

from bot.domain.change import Action, Aim
from bot.domain.commands import Promote
from bot.domain.decide import refuse_latest
from bot.domain.facts import ModelVersion
from bot.domain.policy import Environment, Policy, Target
from bot.errors import Reason, Refused, RegistryUnavailable
from bot.manifests import variables_needed
from bot.ports import Row
from bot.usecases.act import act, resumed
from bot.usecases.context import Context
from bot.usecases.examine import Goal, examine, place_of
from bot.usecases.repo import Repo, find_target


def promote(ctx: Context, repo: Repo, row: Row, command: Promote) -> None:
    """Carry out the command. Raises Refused for a no, Transient to be run again."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    if resumed(ctx, repo, policy, row):
        return
    environment = policy.environment(command.environment) if command.environment else only_environment(policy)
    target = find_target(policy, repo, base, command.model, environment)
    candidate = candidate_of(ctx, policy, command)
    variables = variables_of(candidate, target)
    goal = Goal(Action.PROMOTE, candidate.version, Aim(variables), candidate)
    plan, decision = examine(ctx, repo, place_of(repo, policy, base, target), row, command, goal)
    act(ctx, repo, plan, decision)


def only_environment(policy: Policy) -> Environment:
    """ENV left out: the only environment there is. The promotion order comes with a later version."""
    if len(policy.environments) == 1:
        return policy.environments[0]
    names = ", ".join(e.name for e in policy.environments)
    raise Refused(Reason.BAD_USAGE, "Say which environment.", f"The policy knows: {names}.")


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
    needed = variables_needed(target)
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
