"""The rule about approvals that holds for one change now: what the policy says, and who is in its groups."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.approvals import ApprovalRule, Members
from bot.domain.change import Change
from bot.domain.people import Person
from bot.domain.policy import Environment
from bot.domain.policy.approval_rules import Rule, refs_of
from bot.usecases.context import Context
from bot.usecases.members import known_members, known_names, named_people


def approval_rule(ctx: Context, environment: Environment, change: Change) -> ApprovalRule:
    """The rule that holds for a change. A rollback to the version before has its own count; its requester may count.

    ``environment`` is as ``Policy.judged_by`` gives it. Going back must be possible while Slack does not tell who is in
    a group; everything else waits for it: raises ChatUnavailable.
    """
    approvals, rollback = environment.approvals, environment.rollback
    required, rules = _needed(environment, change)
    named = refs_of(approvals.rules)
    members, silent = known_members(ctx, dict.fromkeys((*approvals.from_, *named)), patient=not change.swift)
    refs = approvals.from_ or named
    listed = {ref: members[ref] for ref in refs}
    native = ctx.forge.rules().reviews
    return ApprovalRule(
        required=max(required, native),
        people=_people(listed.values()),
        logins=frozenset(login for one in listed.values() for login in one.logins),
        anyone=not approvals.from_ and not approvals.rules,
        requester_counts=rollback.requester if change.swift else approvals.requester,
        requester_unlisted=change.swift and rollback.requester,
        incomplete=silent,
        refs=refs,
        rules=rules,
        members={ref: members[ref] for ref in refs_of(rules)},
        listed=listed,
        named=named_people(ctx, members),
        names=known_names(ctx, members),
        native=native,
        recorded=approvals.reviews == "recorded-by-bot",
    )


def _needed(environment: Environment, change: Change) -> tuple[int, tuple[Rule, ...]]:
    """What a rule asked for needs nobody only as long as the policy says that it may merge by itself; what broke the
    glass needs nobody until it is merged."""
    rung, steps = change.rung, environment.steps
    if change.glass is not None:
        return 0, ()
    if rung is not None and rung.index > 0 and rung.percent > 0 and steps is not None:
        return steps.approvals, ()
    if change.unattended and change.swift and environment.rollout.on_degraded == "rollback":
        return 0, ()
    if change.swift:
        return environment.rollback.approvals, ()
    return environment.approvals.required, environment.approvals.rules


def _people(groups: Iterable[Members]) -> frozenset[Person]:
    return frozenset(person for one in groups for person in one.people)
