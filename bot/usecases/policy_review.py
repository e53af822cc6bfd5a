"""A pull request that changes the policy is reviewed by the policy before it, so that nobody lowers the bar alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.approvals import Tally
from bot.domain.by_hand import hand_id
from bot.domain.change import Action, Change, ChangeState, Intent
from bot.domain.facts import Pull
from bot.domain.policy import Environment, Policy
from bot.domain.policy.approval_rules import Rule, refs_of, with_owners
from bot.domain.policy.model import Approvals
from bot.domain.policy.strictest import strictest
from bot.errors import Refused
from bot.usecases.audited import BOT, note
from bot.usecases.context import Context
from bot.usecases.hand_policy import policy_moved
from bot.usecases.identity import approval_rule
from bot.usecases.push_policy import remember_approved
from bot.usecases.repo import Repo
from bot.usecases.seen_reviews import COUNTED, by_account, counted

ADMIN = "admin"
STALE = "was given before the change moved"


def policy_tally(ctx: Context, repo: Repo, pull: Pull) -> Tally | None:
    """How far the approvals of the policy that it would bring are; None where it changes nothing that the policy says,
    or where there is no policy that could say whose approval it takes.

    It takes one of somebody with the role `admin`. Where the policy names none, or nobody of them is left who did not
    make it, it takes what the strictest of the environments asks for.
    """
    base = ctx.checkout.head()
    before, start = _before(repo, base), ctx.checkout.merge_base(pull.head, base)
    if before is None or start is None or not policy_moved(ctx, start, pull.head) or _same(repo, before, pull.head):
        return None
    tally = _tally(ctx, before, _by_admin(before), pull, start)
    if tally is None or (not tally.complete and any(need.hopeless for need in tally.missing)):
        tally = _tally(ctx, before, _by_strictest(before), pull, start)
    if tally is not None and tally.complete:
        _note(ctx, pull, tally, start)
    return tally


def _before(repo: Repo, base: str) -> Policy | None:
    """The policy of the default branch; while it cannot be read, the newest one before that could."""
    for one in (repo, repo.back):
        try:
            return one.policy(base)
        except Refused:
            continue
    return None


def _same(repo: Repo, before: Policy, head: str) -> bool:
    """Whether it says the same as before, in whatever words; one that cannot be read says nothing."""
    try:
        return repo.policy(head) == before
    except Refused:
        return False


def _by_admin(policy: Policy) -> Approvals | None:
    named = policy.roles.get(ADMIN)
    return Approvals(1, tuple(sorted(named)), requester=False) if named else None


def _by_strictest(policy: Policy) -> Approvals | None:
    """None where nothing takes an approval. Where whoever asks may approve, having made it is their approval: the forge
    does not let them give one."""
    asking = [stage for stage in policy.environments if stage.approvals.required or stage.approvals.rules]
    if not asking:
        return None
    found = strictest(asking[-1], asking).approvals
    required = max(0, found.required - 1) if found.requester else found.required
    return replace(found, required=required, requester=False, reviews="own-account", rules=tuple(_rules(policy, found)))


def _rules(policy: Policy, approvals: Approvals) -> Iterator[Rule]:
    """The owners of a model are here those of any; a rule about owners whom nobody names is left out."""
    owners = tuple(dict.fromkeys(ref for model in policy.models.values() for ref in model.owners))
    for rule in approvals.rules:
        known = with_owners(rule, owners)
        if refs_of((known,)):
            yield known


def _tally(ctx: Context, policy: Policy, approvals: Approvals | None, pull: Pull, start: str) -> Tally | None:
    if approvals is None:
        return None
    change = _as_change(ctx, pull)
    rule = approval_rule(ctx, _stage(policy, approvals), change)
    reviews = [one for one in ctx.forge.reviews(pull.number) if one.verdict in COUNTED]
    fresh = not policy_moved(ctx, start, ctx.checkout.head())
    seen = [
        by_account(ctx, rule, change, one, same=fresh and _as_reviewed(ctx, one.commit, pull.head)) for one in reviews
    ]
    return counted(ctx, rule, change, pull, seen)


def _stage(policy: Policy, approvals: Approvals) -> Environment:
    return replace(policy.environments[-1], approvals=approvals)


def _as_reviewed(ctx: Context, commit: str, head: str) -> bool:
    """Whether the policy is the one that the review was given of. Where the default branch moved its own meanwhile, the
    branch is brought up to date first: what lands must be what was reviewed."""
    return ctx.checkout.ensure(commit) and not policy_moved(ctx, commit, head)


def _as_change(ctx: Context, pull: Pull) -> Change:
    """The pull request as the rules about approvals want it: who made it is who asked."""
    author = ctx.links.by_login(pull.author, pull.author_account)
    return Change(
        id=hand_id(pull.number),
        intent=Intent(Action.MANUAL, "", "", None, "", None, ()),
        requesters=(author,) if author else (),
        reason=None,
        created_at=0.0,
        base=ctx.checkout.head(),
        branch=pull.head_ref,
        state=ChangeState.BY_HAND,
        number=pull.number,
        head=pull.head,
        logins=(pull.author,),
        accounts=(pull.author_account,) if pull.author_account else (),
        unlinked=author is None,
        by_hand=True,
    )


def agreed(ctx: Context, repo: Repo, pull: Pull) -> tuple[str, str] | None:
    """State and text of `slackops/approvals` of a pull request that moves no value; None where it takes no approval."""
    tally = policy_tally(ctx, repo, pull)
    if tally is None:
        return None
    if tally.objections:
        return "failure", f"{', '.join(tally.objections)} asked for changes of the policy"
    return "success" if tally.complete else "pending", _words(tally)


def _note(ctx: Context, pull: Pull, tally: Tally, start: str) -> None:
    """By whose word this policy may come: written down once a head, before the status says so."""
    remember_approved(ctx, pull.number, start, pull.head)
    words = [line for line in tally.lines if line.counts]
    seen = {"head": pull.head, "by": [{"login": one.login, "review": one.id} for one in words]}
    key = f"policy:{pull.number}:{pull.head}"
    note(ctx, key, "policy approved", BOT, login=pull.author, number=pull.number, evidence=seen)


def _words(tally: Tally) -> str:
    late = "; bring the branch up to date and ask again" if any(line.why == STALE for line in tally.lines) else ""
    still = f": {tally.words}" if tally.words else ""
    return f"{tally.approvals} of {tally.required} approvals for the policy, on the forge{still}{late}"
