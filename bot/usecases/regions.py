"""`/rollback MODEL ENV` where the environment has regions: one rollback a region, if they all have one version."""

from __future__ import annotations

from bot.domain.commands import Rollback
from bot.domain.policy import Policy
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.stages import require_model, targets
from bot.usecases.tell import receipt


def spread(ctx: Context, repo: Repo, row: Row, command: Rollback) -> bool:
    """True where the command names all regions of an environment: each is asked for by a row of its own, under its own
    approvals. Raises Refused where the regions have different versions, because then it is not clear which one goes."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    if not policy.is_fanned(command.environment):
        return False
    found = _versions(repo, policy, base, command)
    if len(set(found.values())) > 1:
        told = ", ".join(f"{name} has {version or 'none'}" for name, version in found.items())
        raise Refused(
            Reason.BAD_USAGE,
            f"The regions of {command.environment} have different versions of {command.model}: {told}.",
            f"Name one of them: {', '.join(found)}.",
        )
    for name in found:
        ctx.inbox.put(f"{row.key}:{name}", command.model_copy(update={"environment": name}))
    text = f"Rolling {command.model} back in {' and '.join(found)}, each by a change of its own."
    receipt(ctx, command.by, command.origin, text)
    return True


def _versions(repo: Repo, policy: Policy, base: str, command: Rollback) -> dict[str, str | None]:
    """What each region has, by its name. Raises Refused(UNKNOWN_MODEL | NO_TARGET)."""
    regions = policy.stages(command.environment)
    placed = targets(repo, policy, base, command.model, regions)
    found = {stage.name: repo.deployed(base, target).shown for stage, target in placed}
    if not found:
        require_model(repo, base, command.model)
        raise Refused(
            Reason.NO_TARGET,
            f"{command.model} has no target in any region of {command.environment}.",
            f"Its regions: {', '.join(stage.name for stage in regions)}.",
        )
    return found
