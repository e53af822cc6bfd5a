"""A rule of the policy asks for a promotion, because of what happened in the registry. Under the same gates, approvals
and windows as if a person had; only that no person asks, so that everybody may approve."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from bot.domain.change import Change, Intent
from bot.domain.commands import Promote, ProposeByRule
from bot.domain.decide import Join, Propose, Refuse
from bot.domain.people import Person
from bot.domain.policy import Environment, Policy
from bot.domain.registry_cards import RegistryNews
from bot.domain.registry_events import number
from bot.domain.rule_history import left_by_people
from bot.errors import Reason, Refused, RegistryUnavailable, Transient
from bot.ports import Row
from bot.usecases.act import resumed
from bot.usecases.audited import POLICY, note
from bot.usecases.context import Context
from bot.usecases.promote import promotion, stage_of
from bot.usecases.propose import propose
from bot.usecases.registry_withdrawing import withdraw
from bot.usecases.repo import Repo
from bot.usecases.tell import post_once

NOBODY = Person(team="", user="")
_AGAIN = re.compile(r"(?P<first>.*)~(?P<begun>[0-9]+)~[0-9]+", re.DOTALL)
PAUSE_SECONDS, PATIENCE_SECONDS = 300.0, 86400.0
QUIET = frozenset({Reason.ALREADY_DEPLOYED, Reason.NO_TARGET, Reason.VERSION_BANNED})
"""What is there already, was never meant to be there, or was stopped by people is no news."""


@dataclass(frozen=True)
class _Asked:
    """What the rule asks for, as the world is now."""

    row: Row
    command: ProposeByRule
    policy: Policy
    base: str


def propose_by_rule(ctx: Context, repo: Repo, row: Row, command: ProposeByRule) -> None:
    """Open the change, or write down why not. Raises ForgeUnavailable, and Transient where only this row can go on."""
    base = ctx.checkout.fetch()
    try:
        policy = repo.policy(base)
    except Refused as why:
        if ctx.changes.get(row.id) is not None:
            raise Transient(why.message, retry_after=PAUSE_SECONDS) from why
        _again(ctx, row)
        return
    if resumed(ctx, repo, policy, row):
        return
    one = _Asked(row, command, policy, base)
    try:
        _ask(ctx, repo, one)
    except Refused as why:
        _not_proposed(ctx, one, command.environment, why)
    except RegistryUnavailable:  # nobody sits and waits here, so it is not given up after a few minutes
        if not _again(ctx, row):
            raise


def _ask(ctx: Context, repo: Repo, one: _Asked) -> None:
    asked = Promote(
        by=NOBODY, model=one.command.model, version=one.command.version, environment=one.command.environment
    )
    stage = stage_of(ctx, repo, one.policy, one.base, asked)
    where = stage.environment
    left = _left(ctx, one, where)
    if left:
        _skipped(ctx, one, where.name, left)
        return
    row = replace(one.row, command=asked)
    policy = one.policy.without_roles()
    plan, decision = promotion(ctx, repo, policy, one.base, policy.environment(where.name), row, asked)
    if isinstance(decision, Refuse):
        if decision.error().reason is Reason.ALREADY_DEPLOYED:
            withdraw(ctx, one.row, one.command, where.name)
        _not_proposed(ctx, one, where.name, decision.error())
    elif isinstance(decision, Join):
        _skipped(ctx, one, where.name, f"#{decision.change.number} is open for it")
    elif isinstance(decision, Propose) and _asked_by_people(decision.supersedes):
        assert decision.supersedes is not None
        _not_proposed(ctx, one, where.name, _busy(one, decision.supersedes, where))
    else:
        assert isinstance(decision, Propose)
        why = (*plan.why, *_older(plan.intent))
        propose(ctx, repo, replace(plan, rule=one.command.rule, chosen=stage.why, why=why), decision.supersedes)


def _older(intent: Intent) -> tuple[str, ...]:
    """An alias that was moved back is meant so, but nobody who reviews it expects that."""
    if not 0 < number(intent.to) < number(intent.frm or ""):
        return ()
    return (f"{intent.to} is older than {intent.frm}, which is deployed: the policy asks to go back.",)


def _left(ctx: Context, one: _Asked, where: Environment) -> str:
    model, version = one.command.model, one.command.version
    past = (*ctx.changes.merged_for(model, where.name), *ctx.changes.closed_for(model, where.name))
    why = left_by_people(past, version)
    return f"{why}, and nobody promoted {version} by name since" if why else ""


def _asked_by_people(change: Change | None) -> bool:
    """What people asked for, and what takes something back, stands; what a rule asked for gives way to the next."""
    return change is not None and (bool(change.requesters) or not change.rule)


def _busy(one: _Asked, other: Change, where: Environment) -> Refused:
    model, version = one.command.model, one.command.version
    return Refused(
        Reason.TARGET_TAKEN,
        f"#{other.number} to {other.intent.to} is open there, and people asked for that.",
        f"Merge or close #{other.number}, then `/promote {model} {version} {where.name}`.",
    )


def _not_proposed(ctx: Context, one: _Asked, where: str, why: Refused) -> None:
    """Told once, where the environment's cards go, and written down; quietly where it is no news."""
    command = one.command
    if why.reason in QUIET:
        _skipped(ctx, one, where, why.message)
        return
    stage = next(iter(one.policy.stages(where)), None)
    channel = stage.channel if stage else one.policy.channel
    news = RegistryNews(
        headline=f"Not proposed: {command.model} {command.version}, {where}",
        text=f"A rule of the policy wanted it, because {command.rule}. {why.message}",
        unblock=why.unblock or "",
    )
    _note(ctx, one, where, "refused", why.message, why.reason.value)
    mark = hashlib.sha256(f"{command.rule}\n{why.reason.value}\n{command.version}".encode()).hexdigest()[:24]
    post_once(ctx, f"rule:{command.model}:{where}", mark, channel, news, thread=None, broadcast=False)


def _skipped(ctx: Context, one: _Asked, where: str, why: str) -> None:
    _note(ctx, one, where, "refused", why, "")


def _note(ctx: Context, one: _Asked, where: str, outcome: str, why: str, reason: str) -> None:
    command = one.command
    evidence = {"rule": command.rule, **({"reason": reason} if reason else {})}
    note(
        ctx,
        f"rule:{one.row.id}",
        "not_proposed",
        POLICY,
        model=command.model,
        environment=where,
        version=command.version,
        why=why,
        outcome=outcome,
        evidence=evidence,
    )


def _again(ctx: Context, row: Row) -> bool:
    """Ask again in a while, for a day after what happened; whether there is time left."""
    again = _AGAIN.fullmatch(row.key)
    first, begin = (again["first"], float(again["begun"])) if again else (row.key, row.created_at)
    now = ctx.clock.now()
    if now > begin + PATIENCE_SECONDS:
        return False
    key = f"{first}~{begin:.0f}~{now // PAUSE_SECONDS:.0f}"
    ctx.inbox.put(key, row.command, delay=PAUSE_SECONDS)
    return True


def gave_up(ctx: Context, repo: Repo, row: Row, command: ProposeByRule, error: str) -> None:
    """The row became a dead letter: the environment's channel hears that nothing was proposed."""
    base = ctx.checkout.head()
    why = Refused(Reason.INTERNAL, f"Given up: {error}", "Promote it by name; `slackops status` lists dead letters.")
    try:
        one = _Asked(row, command, repo.policy(base), base)
    except Refused:
        return
    _not_proposed(ctx, one, command.environment, why)
