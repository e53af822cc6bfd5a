"""Many failures of a channel at once: all but the first few are kept back, and told in one message.

Which way a card went is decided once and kept with the bot's messages, so that a second try decides the same.
"""

from __future__ import annotations

from bot.domain.ci_branch import Alert, CiBranch
from bot.domain.ci_cards import CiDigest, CiDigestLine
from bot.domain.commands import TellCi
from bot.domain.policy.model import CiRule
from bot.errors import Refused
from bot.ports import CiLog, PostRecord, Row
from bot.usecases.ci_card import DECIDED, kept_in
from bot.usecases.ci_heard import hear_many
from bot.usecases.ci_places import concern_of
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.tell import show_card

PREFIX = "ci-window"
MOST_LINES, MOST_CALLED = 200, 10
NEWS_SECONDS = 86400.0
"""For how long after the window what it kept back is news for those who subscribed."""


def window_of(ctx: Context, rule: CiRule, subject: str, channel: str, opened: float) -> str:
    """The window whose message tells of this card; "" where it has one of its own."""
    decided = kept_in(ctx, subject)
    if decided is not None:
        return decided
    if rule.within <= 0:
        return ""
    start = opened // rule.within * rule.within
    here, before = (f"{PREFIX}:{channel}:{at:.0f}:{rule.within:.0f}" for at in (start, start - rule.within))
    ctx.posts.save(PostRecord(here, subject, channel, opened))
    others = [one for window in (before, here) for one in ctx.posts.of(window) if _is_card(one)]
    ahead = [one for one in others if opened - rule.within < one.since and (one.since, one.mark) < (opened, subject)]
    window = here if len(ahead) >= rule.many else ""
    ctx.posts.save(PostRecord(subject, DECIDED, channel, opened, None, window))
    return window


def window_end(window: str) -> float:
    """In seconds since the epoch."""
    start, within = window.rsplit(":", 2)[1:]
    return float(start) + float(within)


def tell_ci(ctx: Context, repo: Repo, row: Row, command: TellCi) -> None:
    """Tell what was kept back in the window, or bring that message up to date."""
    ctx.inbox.absorb(row)
    if ctx.ci_log is None:
        return
    held = [one for one in ctx.posts.of(command.window) if _is_card(one) and kept_in(ctx, one.mark) == command.window]
    found = [alert for one in held if (alert := _alert(ctx.ci_log, one.mark)) is not None]
    if found:
        lines = tuple(_line(branch, alert) for branch, alert in found[:MOST_LINES])
        since = min(one.since for one in held)
        digest = CiDigest(lines, since, _owners(ctx, repo, [branch.repo for branch, _ in found]))
        show_card(ctx, command.window, command.channel, digest)
        if ctx.clock.now() < window_end(command.window) + NEWS_SECONDS:
            hear_many(ctx, repo, command.window, [one for one in found if one[1].channels[:1] == (command.channel,)])


def _is_card(record: PostRecord) -> bool:
    return record.mark.startswith("ci:")


def _alert(log: CiLog, subject: str) -> tuple[CiBranch, Alert] | None:
    _, repo, sha, *_ = subject.split(":")
    return next(((branch, branch.alerts[sha]) for branch in log.of(repo) if sha in branch.alerts), None)


def _line(branch: CiBranch, alert: Alert) -> CiDigestLine:
    gates = [one for one in alert.gates if one.failing] or list(alert.gates)
    url = next((one.url for one in gates if one.url), "")
    return CiDigestLine(branch.repo, branch.branch, alert.sha, tuple(one.gate for one in gates), alert.failing, url)


def _owners(ctx: Context, repo: Repo, names: list[str]) -> tuple[str, ...]:
    try:
        policy = repo.policy(ctx.checkout.fetch())
    except Refused:
        return ()
    found = (concern_of(ctx, policy, name) for name in dict.fromkeys(names))
    return tuple(dict.fromkeys(owner for one in found if one for owner in one.owners))[:MOST_CALLED]
