"""Open a change: record, branch, pull request, card. Every step looks before it makes: a kill doubles nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.cards import ChangeCard, Stage
from bot.domain.change import Aim, Change, ChangeState, Intent, Remark, Rung, Waiver
from bot.domain.commands import Promote, Reconcile, Rollback, Unpin
from bot.domain.facts import ModelVersion, Pull
from bot.domain.gates import GateResult
from bot.domain.glass import LABEL, broken
from bot.domain.people import Person
from bot.domain.policy import Environment, Policy, Target, slug
from bot.domain.wording import ON_COMMAND_LINE, commit_message, edit_lines, pull_body, step, subject
from bot.errors import ForgeUnavailable
from bot.ports import NewCommit, Row
from bot.usecases.audit_proposed import proposed_entry, superseded_entry
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.glass import break_it
from bot.usecases.landing import land
from bot.usecases.observe import by_rule
from bot.usecases.reconcile import ask_reconcile
from bot.usecases.repo import Repo
from bot.usecases.tell import receipt
from bot.usecases.waiving_asked import asked_names, waived_entries

SUPERSEDE_DELAY = 2.0  # only a net: the old change is looked at when the new pull request has its number


@dataclass(frozen=True)
class Proposal:
    """A change that was decided on, before it exists anywhere."""

    row: Row
    command: Promote | Rollback | Unpin
    policy: Policy
    environment: Environment
    target: Target
    base: str
    intent: Intent
    aim: Aim
    candidate: ModelVersion | None
    deployed: ModelVersion | None
    gates: tuple[GateResult, ...]
    swift: bool
    also: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    cause: str | None = None
    """The change because of which a rule asks for this one; nobody asks then."""
    unattended: bool = False
    rung: Rung | None = None
    follows: Change | None = None
    """The change that this one goes on from, in the names of those who asked for it."""
    chosen: str = ""
    """Why it is this environment, where nobody named it."""
    glass: bool = False
    """It merges with nobody's approval."""
    rule: str = ""
    """The registry's event because of which a rule asks for it, in words; nobody asks then."""
    waivers: tuple[Waiver, ...] = ()
    """Those that whoever asks gives with it."""

    @property
    def unasked(self) -> bool:
        """No person asks for it."""
        return bool(self.cause or self.rule)


def propose(ctx: Context, repo: Repo, plan: Proposal, supersedes: Change | None) -> None:
    """Record the intent, then make it true. Raises ForgeUnavailable where a step must be tried again."""
    if supersedes:
        _supersede(ctx, supersedes, plan)
    login = None if plan.unasked else ctx.links.login_of(plan.command.by)
    number = None if plan.unasked else ctx.links.account_of(plan.command.by)
    change = replace(new_change(plan), logins=(login,) if login else (), unlinked=login is None and not plan.unasked)
    change = replace(change, accounts=(number,) if number else ())
    if plan.follows:
        change = _following(change, plan.follows)
    told = [proposed_entry(ctx, plan, change), *waived_entries(ctx, change)]
    if plan.glass:
        by, reason = plan.command.by, plan.command.reason or ""
        told.append(entry(ctx, f"glass:{change.id}", "broke the glass", by, change, why=reason))
        change = broken(change, by, reason, plan.row.id)
    ctx.changes.add(change, *told)
    opened = carry_out(ctx, repo, plan.row, plan.target, change, plan.candidate)
    if supersedes and supersedes.number is not None:
        ctx.inbox.put(f"{plan.row.key}:pointer", Reconcile(number=supersedes.number))
    text = f"Proposed: {step(plan.intent)} (#{opened.number}). {plan.chosen}".strip()
    if not plan.unasked and not plan.follows:
        receipt(ctx, plan.command.by, plan.command.origin, text, opened.url)


def _following(change: Change, before: Change) -> Change:
    """They asked for both, so none of them may approve either."""
    return replace(
        change,
        requesters=before.requesters,
        logins=before.logins,
        accounts=before.accounts,
        unlinked=before.unlinked,
        cause=before.id,
        rule=before.rule,
    )


def _supersede(ctx: Context, old: Change, plan: Proposal) -> None:
    """The old change is over for us; its reconciler closes the pull request, or finds that it was merged."""
    row = plan.row
    if old.number is not None:
        ctx.inbox.put(f"{row.key}:superseded", Reconcile(number=old.number), delay=SUPERSEDE_DELAY)
    told = superseded_entry(ctx, plan, old)
    ctx.changes.update(old.id, lambda c: replace(c, state=ChangeState.SUPERSEDED, superseded_by=row.id), told)


def new_change(plan: Proposal) -> Change:
    """The record, with everything that a later run needs to make the very same branch again."""
    intent, tail = plan.intent, plan.row.id[-6:].lower()
    branch = "/".join(
        ("slackops", intent.action.value, slug(intent.model), slug(intent.environment), f"{slug(intent.to)}-{tail}")
    )
    return Change(
        id=plan.row.id,
        intent=intent,
        requesters=() if plan.unasked else (plan.command.by,),
        reason=plan.command.reason,
        created_at=plan.row.created_at,
        base=plan.base,
        branch=branch,
        variables=dict(plan.aim.variables),
        blocks_of=plan.aim.blocks_of,
        swift=plan.swift,
        why=plan.why,
        cause=plan.cause,
        rule=plan.rule,
        waivers=plan.waivers,
        unattended=plan.unattended,
        rung=plan.rung,
        remarks=(Remark(f"{ON_COMMAND_LINE}{plan.row.id}", "asked for it on the command line", plan.command.by),)
        if plan.row.typed
        else (),
    )


def carry_out(
    ctx: Context, repo: Repo, row: Row, target: Target, change: Change, candidate: ModelVersion | None
) -> Change:
    """Branch and pull request of a recorded change; the reconciler does everything else."""
    if change.number is None:
        head = push_branch(ctx, repo, target, change, candidate.run_id if candidate else None)
        pull = _open(ctx, change, candidate)
        change = ctx.changes.update(change.id, lambda c: _opened(c, pull, head))
    if change.number is not None:
        ask_reconcile(ctx, row, change.number)
    return change


def push_branch(ctx: Context, repo: Repo, target: Target, change: Change, run_id: str | None) -> str | None:
    """The change's commit on its branch; its id. The same record gives the same commit, so a retry finds it there.

    None when the branch holds another commit: an earlier try to which the registry gave another answer, or somebody
    else's push. Nobody vouches for that one, so the reconciler judges it by its tree.
    """
    files = repo.rendered(change.base, target, change.aim)
    message = commit_message(change, run_id, asked_names(change))
    new = NewCommit((change.base,), change.base, files, message, int(change.created_at))
    if (head := land(ctx, repo, new, change.branch)) is not None:
        return head
    ctx.checkout.fetch()
    if ctx.checkout.ref(change.branch) is None:
        raise ForgeUnavailable(f"the branch {change.branch} could not be pushed")
    return None


def _open(ctx: Context, change: Change, candidate: ModelVersion | None) -> Pull:
    """Open it, or take the open one of the branch; the labels are there afterwards either way."""
    intent = change.intent
    labels = ["slackops", intent.action.value, f"env:{intent.environment}", f"model:{intent.model}"]
    labels += [LABEL] if change.glass else []
    card = replace(first_card(change), by_rule=by_rule(ctx, change))
    body = pull_body(change, card, candidate.run_id if candidate else None)
    return ctx.forge.open_pull(change.branch, subject(intent), body, labels)


def first_card(change: Change) -> ChangeCard:
    """What is known before the pull request exists: enough for its first body, which the reconciler then completes."""
    intent = change.intent
    return ChangeCard(
        change=change.id,
        digest=intent.digest,
        number=0,
        url="",
        action=intent.action,
        model=intent.model,
        environment=intent.environment,
        frm=intent.frm,
        to=intent.to,
        stage=Stage.REVIEW,
        requesters=change.requesters,
        reason=change.reason,
        metrics=(),
        gates=(),
        approvals=0,
        required=0,
        reviews=(),
        edits=edit_lines(intent),
        why=change.why,
    )


def _opened(change: Change, pull: Pull, head: str | None) -> Change:
    state = ChangeState.OPEN if change.state is ChangeState.PROPOSING else change.state
    return replace(change, number=pull.number, url=pull.url, head=head, state=state)


def join(ctx: Context, repo: Repo, plan: Proposal, change: Change) -> None:
    """The asker becomes a co-requester of the open change, and so cannot approve it."""
    by, origin = plan.command.by, plan.command.origin
    if by not in change.requesters:
        where = " on the command line" if plan.row.typed else ""
        remark = Remark(f"join:{plan.row.id}", f"asks for this too{where}", by)
        login, number = ctx.links.login_of(by), ctx.links.account_of(by)
        row = entry(ctx, f"joined:{plan.row.id}", "joined", by, change, why=plan.command.reason)
        change = ctx.changes.update(change.id, lambda c: _joined(c, by, login, number, remark), row)
    if plan.glass and isinstance(plan.command, Rollback):
        change = break_it(ctx, plan.policy, change, plan.also, plan.command, plan.row)
        if change.number is not None:
            _open(ctx, change, plan.candidate)  # it is open already, and gets its new label
    change = carry_out(ctx, repo, plan.row, plan.target, change, plan.candidate)
    confirmed = isinstance(plan.command, Rollback) and plan.command.digest is not None
    told = "Open already, and your approval goes to it" if confirmed else "Already open"
    receipt(ctx, by, origin, f"{told}: {step(change.intent)} (#{change.number}).", change.url)


def _joined(change: Change, by: Person, login: str | None, number: int | None, remark: Remark) -> Change:
    if by in change.requesters:
        return change
    return replace(
        change,
        requesters=(*change.requesters, by),
        logins=(*change.logins, login) if login else change.logins,
        accounts=(*change.accounts, number) if number else change.accounts,
        unlinked=change.unlinked or login is None,
        remarks=(*change.remarks, remark),
    )
