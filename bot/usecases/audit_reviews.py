"""Rows about reviews: what a person saw when they gave one in Slack, and which reviews count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.audit import evidence_hash
from bot.domain.audit_evidence import evidence_of
from bot.domain.audit_reviews import review_news
from bot.domain.change import Change
from bot.domain.commands import Review
from bot.domain.facts import Pull
from bot.domain.snapshot import Snapshot
from bot.ports import Row
from bot.usecases.audited import BOT, entry, note
from bot.usecases.context import Context
from bot.usecases.observe import snapshot
from bot.usecases.repo import Repo

SUBMITTED = {"approve": "approved", "request_changes": "changes_requested"}


def note_shown(ctx: Context, repo: Repo, row: Row, change: Change, pull: Pull, command: Review) -> str:
    """Write down what the person decides on, before the review is given; the hash of it, for the review's body. A run
    after a kill finds what the first one wrote, so that the review and the chain never tell of different things."""
    evidence = _shown(ctx, row, change)
    if evidence is None:
        evidence = evidence_of(snapshot(ctx, repo, change, pull))
        note(ctx, _key(row), "shown", command.by, change, evidence=evidence)
    return evidence_hash(evidence)


def note_review(ctx: Context, row: Row, change: Change, command: Review) -> None:
    """The review is on the forge: written down with what was shown."""
    evidence = _shown(ctx, row, change)
    told = {"shown": evidence, "evidence_sha256": evidence_hash(evidence)} if evidence is not None else {}
    what = SUBMITTED[command.verdict]
    note(ctx, f"review:{row.id}", what, command.by, change, why=command.comment, evidence=told)


def note_counting(ctx: Context, seen: Snapshot) -> None:
    """Which reviews count now, wherever they were given; nothing where the chain says so already."""
    if not seen.judged:
        return
    change, told = seen.change, ctx.audit.of_change(seen.change.id)
    people = {line.login: line.person for line in seen.tally.lines}
    rows = []
    for news in review_news(seen.tally.lines, told):
        by = (people.get(news.login) or f"github:{news.login}") if news.own else BOT
        key = f"counting:{change.id}:{news.login}:{news.turn}"
        known = {"login": news.login, "why": news.evidence.get("why") or None, "evidence": news.evidence}
        rows.append(entry(ctx, key, news.what, str(by), change, **known))
    if rows:
        ctx.audit.append(*rows)


def _shown(ctx: Context, row: Row, change: Change) -> Mapping[str, Any] | None:
    found = (one.entry for one in ctx.audit.of_change(change.id))
    return next((one.evidence for one in found if one.key == _key(row)), None)


def _key(row: Row) -> str:
    return f"shown:{row.id}"
