"""`/rollback MODEL ENV [--to VERSION]`: back to a version that the target had, with the variables that it had then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.change import Action, Aim
from bot.domain.commands import Rollback
from bot.domain.past import Past, Replay, at_version, distinct, earlier, nothing_earlier, quiet_steps
from bot.errors import Reason, Refused
from bot.manifests import foreign_edits
from bot.ports import Row
from bot.usecases.act import act, resumed
from bot.usecases.context import Context
from bot.usecases.examine import Goal, Place, examine
from bot.usecases.history import past
from bot.usecases.repo import Repo, find_target

DIFF_SHOWN = 1500


def rollback(ctx: Context, repo: Repo, row: Row, command: Rollback) -> None:
    """Carry out the command. The registry is asked for what the card shows, but need not answer."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    if resumed(ctx, repo, policy, row):
        return
    environment = policy.environment(command.environment)
    target = find_target(policy, repo, base, command.model, environment)
    place = Place(policy, base, policy.judged_by(target), target)
    plan, decision = examine(ctx, repo, place, row, command, goal_of(repo, place, command))
    act(ctx, repo, plan, decision)


def goal_of(repo: Repo, place: Place, command: Rollback) -> Goal:
    """Where to go back to. The version before goes by the swift rules, also when it is named; an older one does not.

    Blocks are restored when nobody named the version: naming it puts back the bound values and leaves the rest alone.
    Raises Refused(NO_EARLIER_VERSION | BLOCK_EDITED).
    """
    history = Replay(past(repo, place.base, place.target))
    before = earlier(history, repo.deployed(place.base, place.target).shown)
    if command.to is None:
        if before is None or before.version is None:
            raise nothing_earlier(command.model, command.environment, None, ())
        return Goal(Action.ROLLBACK, before.version, _aim(repo, place, history, before), swift=True)
    if before and before.version == command.to:
        return Goal(Action.ROLLBACK, before.version, Aim(before.variables), swift=True)
    goal = at_version(history, command.to)
    if goal is None:
        known = (entry.version for entry in distinct(history) if entry.version)
        raise nothing_earlier(command.model, command.environment, command.to, known)
    return Goal(Action.ROLLBACK, command.to, Aim(goal.variables))


def _aim(repo: Repo, place: Place, history: Iterable[Past], before: Past) -> Aim:
    if not place.target.blocks:
        return Aim(before.variables)
    foreign = list(_foreign(repo, place, history, before))
    if foreign:
        raise _edited(place, before, "\n".join(dict.fromkeys(foreign)))
    return Aim(before.variables, blocks_of=before.commit)


def _foreign(repo: Repo, place: Place, history: Iterable[Past], before: Past) -> Iterator[str]:
    """What people changed inside the blocks since then while the version stayed, as diffs."""
    for old, new in quiet_steps(history, before):
        then, now = repo.files(old.commit, place.target), repo.files(new.commit, place.target)
        for block in place.target.blocks:
            yield from foreign_edits(block, [(then.get(block.file), now.get(block.file))])


def _edited(place: Place, before: Past, diff: str) -> Refused:
    target = place.target
    shown = diff if len(diff) <= DIFF_SHOWN else f"{diff[:DIFF_SHOWN]}…"
    return Refused(
        Reason.BLOCK_EDITED,
        f"Since {target.model} {before.version} the block was also edited for other reasons, which would go:\n{shown}",
        f"`/rollback {target.model} {target.environment} --to {before.version}` puts back the bound values only.",
    )
