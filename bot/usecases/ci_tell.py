"""What CI says, told: one card a commit in each channel, news in its thread, and many at once in one message."""

from __future__ import annotations

from bot.domain.change import Change
from bot.domain.ci_branch import Alert, CiBranch, CiNews
from bot.domain.ci_words import reply
from bot.domain.commands import TellCi
from bot.errors import Fatal, Refused
from bot.ports import PostRecord, Row
from bot.usecases.ci_card import card_of, news_mark, subject_of
from bot.usecases.ci_heard import hear_card
from bot.usecases.ci_places import Concern
from bot.usecases.ci_window import window_end, window_of
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.tell import post_once, show_card


def tell_ci_news(
    ctx: Context, repo: Repo, row: Row, concern: Concern, branch: CiBranch, change: Change | None
) -> Fatal | Refused | None:
    """Bring every dirty card up to date and say what is news. What cannot be said in a channel is returned: it would
    be no better the next time."""
    broken: Fatal | Refused | None = None
    for sha in dict.fromkeys((*branch.dirty, *(one.card for one in branch.news))):
        alert = branch.alerts.get(sha)
        if alert is None:
            continue
        for channel in _channels(ctx, alert, change):
            try:
                _tell(ctx, row, concern, branch, alert, channel, change)
            except (Fatal, Refused) as error:
                broken = error
    for sha in branch.fresh if change is None else ():
        if sha in branch.alerts:
            hear_card(ctx, repo, concern, branch, branch.alerts[sha])
    return broken


def _channels(ctx: Context, alert: Alert, change: Change | None) -> tuple[str, ...]:
    """A change's own channel, once its card is there."""
    if change is None:
        return alert.channels
    card = ctx.posts.get(change.id, "card")
    return (card.channel,) if card is not None and card.ts else ()


def _tell(
    ctx: Context, row: Row, concern: Concern, branch: CiBranch, alert: Alert, channel: str, change: Change | None
) -> None:
    subject = subject_of(branch.repo, alert.sha, channel)
    window = "" if change else window_of(ctx, concern.policy.ci, subject, channel, alert.opened)
    if window:
        delay = max(0.0, window_end(window) - ctx.clock.now())
        ctx.inbox.put(f"{window}:{row.key}", TellCi(channel=channel, window=window), delay=delay)
        return
    card = card_of(ctx, concern, branch, alert, change)
    above = ctx.posts.get(change.id, "card") if change else None
    posted = ctx.posts.get(subject, "card")
    if above is not None and (posted is None or posted.ts is None):
        post_once(ctx, subject, "card", channel, card, thread=above.ts, broadcast=False)
    else:
        show_card(ctx, subject, channel, card)
    for news in branch.news:
        if news.card == alert.sha:
            _say(ctx, subject, news, card.notify, above)


def _say(ctx: Context, subject: str, news: CiNews, notify: tuple[str, ...], above: PostRecord | None) -> None:
    card = ctx.posts.get(subject, "card")
    thread = above.ts if above else card.ts if card else None
    if card is not None and thread is not None:
        message = reply(news, notify)
        post_once(ctx, subject, news_mark(news), card.channel, message, thread=thread, broadcast=False)
