"""A rollback in two taps: what it would do, shown to whoever clicked; and their yes, which is an approval too."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.cards import ConfirmCard
from bot.domain.commands import Review, Rollback
from bot.domain.decide import Decision, Join, Refuse
from bot.domain.signature import differences
from bot.domain.wording import also, edit_lines, step, versions
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.last_good import fault_of
from bot.usecases.propose import Proposal
from bot.usecases.renamed import writer
from bot.usecases.repo import Repo, rules_of

LONGEST = 80


def explained(repo: Repo, plan: Proposal) -> Proposal:
    """With what else changes and what a caller would notice, for the card, the pull request and the question."""
    broken = fault_of(repo, plan.base)
    under = (f"Today's policy cannot be read ({broken}), so the last one that could holds.",) if broken else ()
    return replace(plan, why=(*plan.why, *under, *_facts(repo, plan)))


def confirm_card(ctx: Context, plan: Proposal, decision: Decision) -> ConfirmCard:
    """What it would do, and whether their word is enough. Raises Refused for what would be refused anyway."""
    if isinstance(decision, Refuse):
        raise decision.error()
    intent, command = plan.intent, plan.command
    approves = _counts(ctx, plan)
    return ConfirmCard(
        title=f"Confirm: {intent.model} {versions(intent.frm, intent.to)}, {intent.environment}",
        message=_needed(ctx, plan, decision, approves),
        facts=(*([also(plan.also)] if plan.also else []), *plan.why),
        edits=edit_lines(intent),
        model=intent.model,
        environment=intent.environment,
        to=intent.to,
        digest=intent.digest,
        change=(command.change if isinstance(command, Rollback) else None) or "",
        approves=approves,
    )


def _counts(ctx: Context, plan: Proposal) -> bool:
    """Whether the review of whoever clicks would count: the rule takes the requester's, and their account may write."""
    by = plan.command.by
    login, account = ctx.links.login_of(by), ctx.links.account_of(by) or 0
    return (
        plan.swift and plan.environment.rollback.requester and login is not None and writer(ctx, by, login, account)[1]
    )


def _needed(ctx: Context, plan: Proposal, decision: Decision, approves: bool) -> str:
    ours = plan.environment.rollback.approvals if plan.swift else plan.environment.approvals.required
    required = max(ours, ctx.forge.required_reviews())
    joined = f" #{decision.change.number} asks for the same already." if isinstance(decision, Join) else ""
    if required == 0:
        return f"No approval is needed.{joined}"
    if approves and required == 1:
        return f"Your approval is enough.{joined}"
    whose = ", yours included" if approves else ""
    return f"{required} approval{'s' if required > 1 else ''} needed{whose}.{joined}"


def _facts(repo: Repo, plan: Proposal) -> list[str]:
    told: list[str] = []
    now = repo.standing(plan.base, plan.target).variables
    moved = {
        name: value
        for name, value in sorted(plan.aim.variables.items())
        if name not in ("version", "model", "environment") and now.get(name) != value
    }
    told += [f"{name}: {_short(now.get(name))} → {_short(value)}." for name, value in moved.items()]
    if plan.candidate and plan.deployed:
        told += differences(plan.deployed.signature, plan.candidate.signature)
    elif plan.candidate is None:
        told.append("The registry does not answer, or has it no more: the values come from Git.")
    return told


def _short(value: str | None) -> str:
    text = value or "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def same_as_shown(plan: Proposal, decision: Decision, command: Rollback) -> None:
    """Raises Refused(CHANGE_MOVED) where a yes was given to something else than what would be proposed now."""
    digest = decision.change.intent.digest if isinstance(decision, Join) else plan.intent.digest
    if command.digest is None or command.digest == digest or isinstance(decision, Refuse):
        return
    raise Refused(
        Reason.CHANGE_MOVED,
        f"Meanwhile it would be another step: {step(plan.intent)}.",
        "Click Roll back again, and look at what it says now.",
    )


def approve_too(ctx: Context, repo: Repo, row: Row, command: Rollback) -> None:
    """Their yes to what was shown is an approval, where the requester's counts: a review in their name, on the change
    that carries it out."""
    if command.digest is None or command.plan or ctx.links.login_of(command.by) is None:
        return
    change = ctx.changes.get(row.id) or ctx.changes.open_for(command.model, command.environment)
    if change is None or change.state.final or change.intent.digest != command.digest or not change.swift:
        return
    base = ctx.checkout.head()
    if rules_of(repo.policy(base), repo, base, command.model, command.environment).rollback.requester:
        review = Review(
            by=command.by, origin=command.origin, change=change.id, digest=command.digest, verdict="approve"
        )
        ctx.inbox.put(f"{row.key}:approve", review)
