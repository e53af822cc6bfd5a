"""How far one change is, for those who do not look at its card."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.cards import Stage
from bot.domain.change import Change
from bot.domain.people import Person
from bot.domain.snapshot import Snapshot, note, stage
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.observe import snapshot
from bot.usecases.repo import Repo, rules_of

ENDED = (Stage.CLOSED, Stage.SUPERSEDED, Stage.OBSOLETE)


@dataclass(frozen=True)
class Progress:
    """``approvers``: who may approve, as the forge calls them; ``merge_commit`` is None before the merge."""

    number: int
    stage: Stage
    note: str
    approvals: int
    required: int
    approvers: tuple[str, ...]
    merge_commit: str | None

    @property
    def ended(self) -> bool:
        """Nothing more happens to the pull request."""
        return self.merge_commit is not None or self.stage in ENDED

    @property
    def settled(self) -> bool:
        """Nothing more happens to it by itself, for all that is known now."""
        return self.ended or self.stage is not Stage.MERGING


def progress_of(ctx: Context, repo: Repo, change_id: str) -> Progress | None:
    """Look, and write nothing; None while there is no pull request. Raises Transient where it cannot be told now."""
    change = ctx.changes.get(change_id)
    if change is None or change.number is None:
        return None
    seen = snapshot(ctx, repo, change, ctx.forge.pull(change.number))
    at = stage(seen)
    return Progress(
        number=seen.pull.number,
        stage=at,
        note=note(seen, at),
        approvals=seen.tally.approvals,
        required=seen.tally.required,
        approvers=_approvers(ctx, repo, seen),
        merge_commit=(seen.pull.merge_commit or seen.pull.head) if seen.pull.merged else None,
    )


def state_of(change: Change) -> str:
    """The record's state in a word; `held` while somebody keeps it from merging."""
    return "held" if change.held_by and not change.state.final else change.state.value


def _approvers(ctx: Context, repo: Repo, seen: Snapshot) -> tuple[str, ...]:
    """Nobody is asked but the store: a Slack user by the account that they linked, a group as the policy writes it."""
    intent = seen.change.intent
    repo = repo.back if seen.change.swift else repo
    try:
        policy = repo.policy(seen.base_head)
        rules = rules_of(policy, repo, seen.base_head, intent.model, intent.environment)
    except Refused:
        return ()
    team = seen.change.requesters[0].team if seen.change.requesters else ""
    listed = [_login(ctx, team, ref) for ref in rules.approvals.refs] or ["anyone who may write"]
    asked = [f"@{login}" for one in seen.change.requesters if (login := ctx.links.login_of(one))]
    return tuple(dict.fromkeys([*listed, *asked] if seen.requester_counts else listed))


def _login(ctx: Context, team: str, ref: str) -> str:
    kind, _, name = ref.partition(":")
    if kind == "github":
        return f"@{name}"
    login = ctx.links.login_of(Person(team=team, user=name))
    return f"@{login}" if login else ref
