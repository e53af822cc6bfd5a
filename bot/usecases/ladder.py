"""A ladder of steps as it stands: the facts, and what is asked for because of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.domain.change import Change
from bot.domain.commands import ClimbStep
from bot.domain.gates import GateResult
from bot.domain.gating import judge
from bot.domain.policy import MetricGate, Policy
from bot.domain.rollout import Rollout
from bot.domain.steps import ASK_AGAIN, Back, Climb, Do, LadderFacts, Wait, may_do, next_step
from bot.domain.waiving import with_waivers
from bot.domain.wording import number
from bot.usecases.context import Context
from bot.usecases.gate_facts import Judged, facts_for
from bot.usecases.ladder_words import running, serving_now
from bot.usecases.looking import merged_at, next_of
from bot.usecases.repo import Repo, target_at
from bot.usecases.versions import known_versions
from bot.usecases.waiving_roles import may_waive


def after_look(ctx: Context, repo: Repo, change: Change, rollout: Rollout, now: float) -> float | None:
    """Ask for the next step of the ladder where everything is in place for it. Called on every look at a merged change.

    The time, in seconds since the epoch, at which it wants to be asked again; None where only an engine or a person
    moves it on.
    """
    policy = repo.policy(ctx.checkout.head())
    facts = facts_of(ctx, repo, policy, change, rollout, now)
    if facts is None or change.rung is None:
        return None
    verdict = next_step(facts)
    if isinstance(verdict, Climb) and _stuck_on(ctx, repo, policy, change):
        verdict = next_step(replace(facts, stuck=True))
    match verdict:
        case Climb(percent):
            return _ask(ctx, change, percent, now)
        case Back():
            return _ask(ctx, change, 100, now)
        case Wait(until):
            return until
    return None


def _ask(ctx: Context, change: Change, percent: int, now: float) -> float:
    """Until it is open: what is refused now, or finds another change open, is asked for again after a while."""
    ask = ClimbStep(change=change.id, model=change.intent.model, percent=percent)
    ctx.inbox.put(f"step:{change.id}:{percent}:{int(now // ASK_AGAIN)}", ask)
    return now + ASK_AGAIN


def facts_of(
    ctx: Context, repo: Repo, policy: Policy, change: Change, rollout: Rollout, now: float
) -> LadderFacts | None:
    """Everything but the gates; None for a change that is no step, or whose target goes in steps no more."""
    rung, intent = change.rung, change.intent
    rule = policy.steps_for(intent.model, intent.environment)
    if rung is None or rule is None or rule.mode != rung.mode:
        return None
    tells = policy.environment(intent.environment).rollout.engine != "none"
    return LadderFacts(
        mode=rung.mode,
        percents=rung.percents,
        index=rung.index,
        percent=rung.percent,
        newest=next_of(ctx, change) is None and _stands(ctx, repo, policy, change),
        paused=rung.paused_by is not None,
        after=_after(ctx, change),
        state=rollout.state if tells else None,
        since=rollout.since if tells else merged_at(change),
        watch=rule.watch,
        stuck=False,
        now=now,
    )


def _stands(ctx: Context, repo: Repo, policy: Policy, change: Change) -> bool:
    """Whether Git says still what the step wrote: a commit by hand may have ended the ladder."""
    rung, intent = change.rung, change.intent
    target = target_at(policy, repo, ctx.checkout.head(), intent.model, intent.environment)
    if rung is None or target is None:
        return False
    seen = repo.standing(ctx.checkout.head(), target)
    if rung.percent == 0 and rung.index > 0:
        return seen.share in (0, None)
    return rung.percent == 100 or running(ctx, target, seen) is not None


def _after(ctx: Context, change: Change) -> Literal["none", "open", "ended", "busy"]:
    rung, intent = change.rung, change.intent
    after = ctx.changes.get(rung.after) if rung and rung.after else None
    open_one = ctx.changes.open_for(intent.model, intent.environment)
    if open_one is not None:
        return "open" if open_one.rung and rung and open_one.rung.ladder == rung.ladder else "busy"
    return "none" if after is None else "ended"


def _stuck_on(ctx: Context, repo: Repo, policy: Policy, change: Change) -> tuple[str, ...]:
    """The metric gates that do not pass now; checks have no commit to run on before the step is open. One that was
    waived on this step does not keep the next from being opened, where it wants a waiver of its own."""
    found = with_waivers(_metric_gates(ctx, repo, policy, change), change.waivers, change.intent.digest)
    return tuple(result.name for result in found if result.holds_up)


def _metric_gates(ctx: Context, repo: Repo, policy: Policy, change: Change) -> tuple[GateResult, ...]:
    head, intent = ctx.checkout.head(), change.intent
    target = target_at(policy, repo, head, intent.model, intent.environment)
    if target is None:
        return ()
    rules = repo.rules(policy, head, target)
    gates = policy.gates_of(intent.model, rules)
    candidate, deployed = known_versions(ctx, policy, intent)
    metrics = [gate for gate in gates if isinstance(gate, MetricGate)]
    asked = Judged(policy, rules, head, intent, (rules.name,), candidate, deployed, None, change.id)
    return judge(metrics, facts_for(ctx, repo, metrics, asked))


def shown(
    ctx: Context, repo: Repo, policy: Policy, change: Change, rollout: Rollout, now: float
) -> tuple[str, tuple[Do, ...]]:
    """For the card of a merged change: who serves, in words, and what may be done to its ladder now."""
    facts = facts_of(ctx, repo, policy, change, rollout, now)
    if facts is None or not facts.newest or facts.percent == 100:
        return "", ()
    target = target_at(policy, repo, ctx.checkout.head(), change.intent.model, change.intent.environment)
    words = serving_now(ctx, repo, ctx.checkout.head(), target) if target else ""
    told = (f"{words}." if words else "", _compared(ctx, policy, change), _waits(ctx, repo, policy, change, facts))
    return " ".join(part for part in told if part), may_do(facts)


def _waits(ctx: Context, repo: Repo, policy: Policy, change: Change, facts: LadderFacts) -> str:
    """Which gates alone keep the next step from being opened, and the way on."""
    names = _stuck_on(ctx, repo, policy, change) if isinstance(next_step(facts), Climb) else ()
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    role = may_waive(policy, (change.intent.environment,), change.intent.model)
    way = f"`Next step now` opens it all the same{', and there a gate can be waived' if role else ''}."
    return f"The next step waits for {', '.join(names[:2])}{more}. {way}" if names else ""


def _compared(ctx: Context, policy: Policy, change: Change) -> str:
    """The metric that an A/B step is decided by, of both versions, as the registry has it."""
    rule = policy.steps_for(change.intent.model, change.intent.environment)
    if rule is None or rule.metric is None:
        return ""
    known = [one for one in known_versions(ctx, policy, change.intent) if one and rule.metric in one.metrics]
    told = [f"{one.version} has {number(one.metrics[rule.metric])}" for one in known]
    return f"Decide by {rule.metric}: {', '.join(told) or 'the registry does not tell it'}."
