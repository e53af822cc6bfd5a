"""One digest, sent once: the message, its picture in the thread, and then that it was sent is remembered.

What it says is of its span, which ends when it was due: the next one goes on from there, whenever this one came out. So
a second try, after an end between any two lines, finds the message and says nothing again.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace

from bot.domain.chart import SparkGrid
from bot.domain.charting import words
from bot.domain.commands import SendDigest
from bot.domain.digest_due import LATE
from bot.domain.digest_facts import DigestFacts, Span
from bot.domain.digest_grid import grid_of
from bot.domain.digesting import digest_of, says_something
from bot.domain.policy.model_drift import DigestRule
from bot.errors import ChatUnavailable, Fatal, Refused
from bot.ports import PostRecord
from bot.usecases.context import Context
from bot.usecases.digest_due import declared, due, memory_key, put, sent_at
from bot.usecases.digest_facts import digest_facts
from bot.usecases.pictures import show_once
from bot.usecases.repo import Repo
from bot.usecases.tell import post_once


def send_digest(ctx: Context, repo: Repo, command: SendDigest) -> None:
    """Send it, unless that was done, or the policy does not know it any more, or a later one is due as well: that one
    tells of both spans."""
    try:
        base = ctx.checkout.fetch()
        policy = repo.policy(base)
    except Refused:
        return  # the next look puts it again, once the policy can be read
    rule = next((one for one in policy.drift.digests if one.name == command.digest), None)
    span = _span(ctx, rule, command) if rule else None
    if rule is None or span is None or ctx.drift_memory is None:
        return
    facts = digest_facts(ctx, repo, policy, base, rule, span)
    if says_something(facts) or rule.empty == "line":
        _send(ctx, rule, facts, f"{command.fire:.0f}")
    ctx.drift_memory.claim(memory_key(rule.name), command.fire)


def _span(ctx: Context, rule: DigestRule, command: SendDigest) -> Span | None:
    """None where it is not to be sent."""
    first, sent, now = declared(ctx, rule.name), sent_at(ctx, rule.name), ctx.clock.now()
    if first is None or ctx.cron is None or command.fire <= max(first.at, sent):
        return None
    newest = due(ctx, rule, first)
    if newest is not None and newest > command.fire and not _is_out(ctx, rule, command):
        put(ctx, rule, newest)
        return None
    late = now - command.fire
    several = due(ctx, rule, first, command.fire - 1) is not None
    return Span(max(first.since, sent), command.fire, late if late > LATE else 0.0, several)


def _is_out(ctx: Context, rule: DigestRule, command: SendDigest) -> bool:
    """Whether an earlier try said it: then the picture may be missing still, and that it was sent is not remembered."""
    subject, mark = memory_key(rule.name), f"{command.fire:.0f}"
    record = ctx.posts.get(subject, mark)
    if record is None or record.ts:
        return record is not None
    return ctx.chat.find(record.channel, f"{subject}:{mark}", record.since, None) is not None


def _send(ctx: Context, rule: DigestRule, facts: DigestFacts, mark: str) -> None:
    """The picture is uploaded first, while nobody sees it: without one the message has bars in its place."""
    subject, picture = memory_key(rule.name), f"{mark}:picture"
    grid = grid_of(facts.incidents)
    file = _uploaded(ctx, grid) if grid and ctx.posts.get(subject, picture) is None else None
    report = digest_of(replace(facts, pictured=file is not None), "Digest")
    _follow(ctx, rule, subject, mark)
    posted = post_once(ctx, subject, mark, rule.channel, report, thread=None, broadcast=False)
    if grid and file:
        record = PostRecord(subject, picture, posted.channel, ctx.clock.now())
        show_once(ctx, record, posted.ts, file, grid.title)


def _follow(ctx: Context, rule: DigestRule, subject: str, mark: str) -> None:
    """The policy names another channel since a try that failed. Where nobody can look, nothing was said."""
    record = ctx.posts.get(subject, mark)
    if record is None or record.ts or record.channel == rule.channel:
        return
    with contextlib.suppress(Fatal):
        if ctx.chat.find(record.channel, f"{subject}:{mark}", record.since, None) is not None:
            return
    ctx.posts.save(PostRecord(subject, mark, rule.channel, ctx.clock.now()))


def _uploaded(ctx: Context, grid: SparkGrid) -> str | None:
    """None without the extra `charts`, and where the chat takes no files, or not now: a digest does not wait for it."""
    png = ctx.charts.png(grid) if ctx.charts else None
    try:
        return ctx.chat.upload("drift.png", png, words(grid)) if png else None
    except (ChatUnavailable, Fatal):
        return None
