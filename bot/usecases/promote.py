"""`/promote MODEL VERSION|@ALIAS [ENV]`: observe, decide, apply."""

from __future__ import annotations

from bot.domain.change import Action, Intent
from bot.domain.commands import Promote
from bot.domain.decide import Decision, Facts, Propose, decide, refuse_latest
from bot.domain.facts import ModelVersion
from bot.domain.judging import judge
from bot.domain.policy import Environment, Policy, Target
from bot.errors import Reason, Refused, RegistryUnavailable
from bot.manifests import variables_needed
from bot.ports import Row
from bot.usecases.act import act, resumed
from bot.usecases.context import Context
from bot.usecases.identity import allowed
from bot.usecases.observe import known_versions
from bot.usecases.propose import Proposal
from bot.usecases.repo import Repo, find_target


def promote(ctx: Context, repo: Repo, row: Row, command: Promote) -> None:
    """Carry out the command. Raises Refused for a no, Transient to be run again."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    if resumed(ctx, repo, policy, row):
        return
    plan, decision = examine(ctx, repo, policy, base, row, command)
    act(ctx, repo, plan, decision)


def examine(
    ctx: Context, repo: Repo, policy: Policy, base: str, row: Row, command: Promote
) -> tuple[Proposal, Decision]:
    """Look at everything that the decision needs, and decide."""
    environment = policy.environment(command.environment) if command.environment else _only(policy)
    target = find_target(policy, repo, base, command.model, environment)
    candidate = candidate_of(ctx, policy, command)
    aim = Intent(
        Action.PROMOTE, command.model, environment.name, None, candidate.version, candidate.artifact_digest, ()
    )
    seen = repo.deployed(base, target)
    variables = variables_of(candidate, target, command.model, environment.name)
    intent = aim if seen.state == "unreadable" else repo.intent(base, target, aim, variables)
    _, deployed = known_versions(ctx, policy, intent) if intent.frm else (None, None)
    gates = judge(policy.gates_for(command.model, environment.name), candidate, deployed, intent.frm is None, None)
    facts = Facts(
        intent=intent,
        allowed=allowed(ctx, policy, command.by, "promote"),
        role="promote",
        deployed=seen,
        gates=gates,
        open_change=ctx.changes.open_for(command.model, environment.name),
    )
    decision = decide(facts)
    return Proposal(
        row=row,
        command=command,
        policy=policy,
        environment=environment,
        target=target,
        base=base,
        intent=intent,
        variables=variables,
        candidate=candidate,
        deployed=deployed,
        gates=gates,
        swift=False,
        supersedes=decision.supersedes if isinstance(decision, Propose) else None,
    ), decision


def _only(policy: Policy) -> Environment:
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


def variables_of(candidate: ModelVersion, target: Target, model: str, environment: str) -> dict[str, str]:
    """What the target's templates may name, out of the registry. Raises Refused when a name has no value."""
    known = {
        "version": candidate.version,
        "run_id": candidate.run_id,
        "model_id": candidate.model_id,
        "experiment_id": candidate.experiment_id,
        "model": model,
        "environment": environment,
        **{f"tags.{key}": value for key, value in candidate.tags.items()},
    }
    needed = variables_needed(target)
    missing = sorted(name for name in needed if not known.get(name))
    if missing:
        raise Refused(
            Reason.UNKNOWN_VERSION,
            f"{model} {candidate.version} has no {missing[0]} in the registry, and the target's template needs it.",
            f"Set it in MLflow, or change the template in the policy ({', '.join(missing)}).",
        )
    return {name: value for name in needed if (value := known[name])}
