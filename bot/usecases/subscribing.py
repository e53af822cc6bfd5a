"""`/slackops subscribe`, and the news for channels that did."""

from __future__ import annotations

from contextlib import suppress

from bot.domain.by_hand import parts
from bot.domain.change import Change
from bot.domain.commands import Subscribe, TellSubscribers
from bot.domain.grammar_subscribe import EVENTS
from bot.domain.reconcile_actions import Say
from bot.domain.subscribed_news import news_of
from bot.domain.subscription_cards import Subscribed, SubscriptionLine, SubscriptionList, SubscriptionNews
from bot.errors import Fatal, Reason, Refused
from bot.ports import Row, Subscription, Subscriptions
from bot.usecases.audited import note
from bot.usecases.context import Context
from bot.usecases.repo import Repo, known_models
from bot.usecases.tell import answer, post_once

MOST = 100
"""Subscriptions of one channel."""


def subscribe(ctx: Context, repo: Repo, row: Row, command: Subscribe) -> None:
    """Carry it out. It is told in the channel first: what the bot cannot say there would never be heard. Raises Refused
    (UNKNOWN_MODEL | BAD_USAGE)."""
    store = _store(ctx)
    if not command.subject:
        answer(ctx, command.by, command.origin, SubscriptionList(_lines(store, command.origin.channel)))
        return
    channel = command.origin.channel
    subject = _kept(ctx, repo, store, command) if command.off else _subject(ctx, repo, command.subject)
    events = command.events or EVENTS
    if ctx.posts.get(f"subscribe:{row.id}", "said") is None:  # else an earlier try got beyond this
        _allowed(store, channel, subject, command)
    _announce(ctx, row, command, SubscriptionLine(subject, tuple(events)))
    if command.off:
        store.remove(channel, subject, command.events)
    else:
        now = ctx.clock.now()
        store.add([Subscription(channel, subject, event, str(command.by), now) for event in events])
    what = "unsubscribed" if command.off else "subscribed"
    said = {"channel": channel, "subject": subject, "events": list(events)}
    note(ctx, f"{what}:{row.id}", what, command.by, evidence=said)


def _store(ctx: Context) -> Subscriptions:
    if ctx.subscriptions is None:
        raise Fatal("nothing keeps subscriptions here")
    return ctx.subscriptions


def _lines(store: Subscriptions, channel: str) -> tuple[SubscriptionLine, ...]:
    found: dict[str, list[Subscription]] = {}
    for one in store.of_channel(channel):
        found.setdefault(one.subject, []).append(one)
    return tuple(
        SubscriptionLine(subject, tuple(event for event in EVENTS if any(one.event == event for one in every)))
        for subject, every in sorted(found.items())
    )


def _subject(ctx: Context, repo: Repo, name: str) -> str:
    """A model, or an environment by its own name, whatever alias was written."""
    base = ctx.checkout.fetch()
    policy, models = repo.policy(base), known_models(repo, base)
    if name in models or policy.is_fanned(name):
        return name
    stages = policy.stages(name)
    if stages:
        return stages[0].name
    known = ", ".join([*(stage.name for stage in policy.environments), *models][:20])
    raise Refused(Reason.UNKNOWN_MODEL, f"{name} is no model and no environment of the policy.", f"It knows: {known}.")


def _kept(ctx: Context, repo: Repo, store: Subscriptions, command: Subscribe) -> str:
    """What the channel subscribed to: by the word that was written, though the policy may not know it any more, else by
    the name that it stands for."""
    if not any(one.subject == command.subject for one in store.of_channel(command.origin.channel)):
        with suppress(Refused):
            return _subject(ctx, repo, command.subject)
    return command.subject


def _allowed(store: Subscriptions, channel: str, subject: str, command: Subscribe) -> None:
    known = store.of_channel(channel)
    mine = [one for one in known if one.subject == subject and one.event in (command.events or EVENTS)]
    if command.off and not mine:
        of = f" ({', '.join(command.events)})" if command.events else ""
        raise Refused(
            Reason.BAD_USAGE,
            f"This channel has not subscribed to {subject}{of}.",
            "`/slackops subscribe` shows what it has.",
        )
    subjects = {one.subject for one in known}
    if not command.off and subject not in subjects and len(subjects) >= MOST:
        raise Refused(Reason.BAD_USAGE, f"A channel subscribes to {MOST} at most.", "Take one out with --off.")


def _announce(ctx: Context, row: Row, command: Subscribe, line: SubscriptionLine) -> None:
    news, channel = SubscriptionNews(command.by, line, command.off), command.origin.channel
    try:
        post_once(ctx, f"subscribe:{row.id}", "said", channel, news, thread=None, broadcast=False)
    except Fatal as error:
        if command.off:
            return  # it is told nothing there, which is what was asked for
        raise Refused(Reason.BAD_USAGE, f"{error}.", "Invite the bot to the channel, then ask again there.") from error


def ask_telling(ctx: Context, change: Change, say: Say, heard: str) -> None:
    """Have subscribers told what is said in the change's thread, where it concerns them. Asked for before it is said:
    what is said already is not said again."""
    for part in parts(change) if ctx.subscriptions is not None else ():
        news = news_of(part, say, heard)
        if news is not None:
            ctx.inbox.put(f"news:{news.key}:{news.model}:{news.environment}", news)


def tell_subscribers(ctx: Context, repo: Repo, command: TellSubscribers) -> None:
    """Tell it to every channel that subscribed, once. A channel that is gone keeps the others from nothing."""
    if ctx.subscriptions is None:
        return
    above = _above(ctx, repo, command.environment)
    subjects = [name for name in (command.model, command.environment, *above) if name]
    for channel in ctx.subscriptions.channels(subjects, command.event):
        mine = (one for one in ctx.subscriptions.of_channel(channel) if one.event == command.event)
        why = next((one.subject for one in mine if one.subject in subjects), None)
        if why is None or channel in command.but:
            continue
        try:
            news = Subscribed(command.text, command.url, why)
            post_once(ctx, f"news:{command.key}", channel, channel, news, thread=None, broadcast=False)
        except Fatal:
            continue


def _above(ctx: Context, repo: Repo, environment: str) -> list[str]:
    """The environment that this one is a region of. Where the policy cannot be read, all that it could be by its name:
    a channel hears too much rather than too little then."""
    try:
        return [one.fanned for one in repo.policy(ctx.checkout.head()).stages(environment) if one.fanned]
    except Refused:
        words = environment.split("-")
        return ["-".join(words[:end]) for end in range(1, len(words))]
