"""What a plan would wait for: the rule that holds it up, who can still approve, what the forge wants itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.approvals import ApprovalRule, Askers, Members, tally
from bot.domain.change import Change
from bot.domain.gates import GateResult, stuck
from bot.domain.policy import Environment
from bot.domain.policy.approval_rules import least, refs_of
from bot.domain.windows import GATE
from bot.errors import SlackOpsError
from bot.usecases.code_owners import owners_missing
from bot.usecases.context import Context
from bot.usecases.identity import approval_rule, askers_of
from bot.usecases.planning_context import NOBODY, OFFLINE, UNHEARD
from bot.usecases.propose import Proposal, new_change


@dataclass(frozen=True)
class Needs:
    """``eligible`` are people as the policy writes them, or groups where nobody could be asked who is in them; empty:
    anyone who may write. ``wanted`` and ``forge`` are sentences, empty where there is nothing to say."""

    required: int
    eligible: tuple[str, ...]
    wanted: str = ""
    forge: str = ""


def needs_of(ctx: Context, plan: Proposal) -> Needs:
    """As far as Slack and the forge answer; else what the policy itself says."""
    change = new_change(plan)
    if plan.command.by == NOBODY:
        change = replace(change, requesters=())
    try:
        rule, askers = approval_rule(ctx, plan.environment, change), askers_of(ctx, change)
        counted = tally((), rule, askers)
        wanted = f"Wanted: {counted.words}." if counted.words else ""
        return Needs(counted.required, tuple(_people(rule, askers)), wanted, _forge(ctx, plan, rule))
    except SlackOpsError:
        return by_name(plan.environment, change)


def by_name(environment: Environment, change: Change | None = None) -> Needs:
    """What the policy says, with nobody asked."""
    approvals = environment.approvals
    if change is not None and change.swift:
        return Needs(environment.rollback.approvals, approvals.from_)
    required = max([approvals.required, *(least(rule) for rule in approvals.rules)])
    return Needs(required, approvals.from_ or refs_of(approvals.rules))


def _people(rule: ApprovalRule, askers: Askers) -> Iterator[str]:
    """Each once; whoever asked is left out where their approval does not count."""
    seen: dict[str, None] = {}
    for ref, members in {**rule.listed, **rule.members}.items():
        seen |= dict.fromkeys(_members(ref, members, rule, askers))
    if rule.requester_unlisted:
        seen |= {f"slack:{person.user}": None for person in askers.people}
    yield from seen


def _members(ref: str, members: Members, rule: ApprovalRule, askers: Askers) -> Iterator[str]:
    if not members.people and not members.logins:
        yield ref
    for person in sorted(members.people, key=str):
        if rule.requester_counts or person not in askers.people:
            yield f"slack:{person.user}"
    for login in sorted(members.logins):
        if rule.requester_counts or not askers.include(None, login):
            yield f"github:{login}"


def _forge(ctx: Context, plan: Proposal, rule: ApprovalRule) -> str:
    """What GitHub wants by itself: reviews, and owners of the files."""
    files = sorted({edit.file for edit in plan.intent.edits})
    owners = owners_missing(ctx, plan.base, files, ())
    said = [f"{rule.native} reviews by people with write access"] if rule.native else []
    said += [f"a code owner: {' or '.join(names)}" for names in owners]
    return f"The forge itself wants {', and '.join(said)}." if said else ""


def held_up(gates: Iterable[GateResult]) -> str:
    """The rule that would keep it from merging, in a sentence; the others are in the table of gates, and those that
    nobody was asked about."""
    first = next((gate for gate in stuck(gates) if gate.observed not in (OFFLINE, UNHEARD)), None)
    return f"Held up by {first.name}: {first.observed}; needs {first.required}." if first else ""


def next_window(gates: Iterable[GateResult]) -> str | None:
    """When it may merge next, in RFC 3339; None where no window holds it up, or none opens within a year."""
    shut = (gate.passes_at for gate in gates if gate.name == GATE and gate.holds_up)
    opens = next((moment for moment in shut if moment is not None), None)
    return None if opens is None else datetime.fromtimestamp(opens, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
