"""A look at an incident's card: bring it up to date, tell in its thread what is news, and write down that it was told.

Level-triggered: it goes by what is written down now. A kill between any two lines leaves news to be told, which are
then found told already by their marks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.commands import LookIncident, LookStorm
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.snoozing import woken
from bot.domain.drifting.telling import told
from bot.domain.incident_cards import IncidentCard
from bot.domain.incident_news import mark_of, reply
from bot.domain.notice_cards import ThreadNews
from bot.errors import ChatUnavailable, Fatal
from bot.ports import PostRecord, Row
from bot.usecases.context import Context
from bot.usecases.incident_asked import first_of
from bot.usecases.incident_audit import entries
from bot.usecases.incident_card import Around, around, card_of, retraining_of, stormed_card, subject_of
from bot.usecases.incident_changing import incident_changing
from bot.usecases.incident_later import look_later
from bot.usecases.incident_place import say_in, show_and_tell
from bot.usecases.repo import Repo
from bot.usecases.storm import ask_storm
from bot.usecases.tell import show_card

SAY_AGAIN_SECONDS, OLD_SECONDS = 5.0, 3600.0


def look_incident(ctx: Context, repo: Repo, row: Row, command: LookIncident) -> None:
    """Carry out the row. Looks at one card are carried out one after the other: their rows have the card's id."""
    ctx.inbox.absorb(row)
    log = ctx.incident_log
    found = first_of(log, command.incident) if log else None
    if found is None or log is None:
        return
    if found.card not in (found.id, command.incident):
        ctx.inbox.put(f"{row.key}:card", LookIncident(incident=found.card))
        return
    _wake(ctx, log.of_card(found.card))
    incidents = log.of_card(found.card)
    for storm in dict.fromkeys(one.storm for one in incidents if one.storm):
        ask_storm(ctx, storm)
    look_later(ctx, found.card, incidents)
    mine = [one for one in incidents if not one.storm]
    say_again(ctx, f"{command.kind}:{found.card}", command, lambda: _show(ctx, repo, found, mine))


def _wake(ctx: Context, incidents: Sequence[Incident]) -> None:
    """Snoozes that are over end now, though no monitor says anything."""
    now = ctx.clock.now()
    for one in incidents:
        awake = woken(one, now)
        if awake is not one:
            incident_changing(ctx, one.id, lambda held: woken(held, now), *entries(ctx, one, awake))


def say_again(ctx: Context, about: str, command: LookIncident | LookStorm, show: Callable[[], object]) -> None:
    """What could not be said since Slack is away is said by a look of its own, soon: a row that is tried again would
    be given up in the end, and keep the next look waiting until then."""
    try:
        show()
    except ChatUnavailable as why:
        pause = max(why.retry_after or 0.0, SAY_AGAIN_SECONDS)
        ctx.inbox.put(f"say:{about}:{ctx.clock.now() // pause:.0f}", command, delay=pause)


def _show(ctx: Context, repo: Repo, first: Incident, incidents: Sequence[Incident]) -> None:
    subject = subject_of(first.card)
    if not incidents:
        _give_way(ctx, subject, first)
        return
    seen = around(ctx, repo, next((one for one in incidents if one.is_open), first))
    otherwise = seen.policy.channel if seen.policy else first.channel

    def card(instead_of: str) -> IncidentCard:
        return card_of(ctx, seen, incidents, retraining_of(ctx, incidents), instead_of)

    def tell(posted: PostRecord) -> None:
        for one in incidents:
            tell_news(ctx, seen, posted, one)

    show_and_tell(ctx, subject, (first.channel, otherwise), card, tell)


def _give_way(ctx: Context, subject: str, first: Incident) -> None:
    """A storm's card shows it now: its own, where it was shown already, only says so."""
    posted = ctx.posts.get(subject, "card")
    if posted is not None and posted.ts is not None:
        with contextlib.suppress(Fatal):  # where nobody can write, nobody reads
            show_card(ctx, subject, posted.channel, stormed_card(first))


def tell_news(ctx: Context, seen: Around, card: PostRecord, one: Incident) -> None:
    """What is still to be told of an incident, in the order in which it came; then it is taken off."""
    owners = seen.policy.model(one.model).owners if seen.policy else ()
    late = one.card != one.id and ctx.clock.now() - card.since > OLD_SECONDS
    for news in one.news:
        message = reply(news, one, owners)
        if late and news.kind == "opened" and isinstance(message, ThreadNews):
            message = replace(message, broadcast=True)  # nobody looks for it in the thread of an old card
        say_in(ctx, card, f"news:{mark_of(news)}", message)
    if one.news:
        marks = {news.mark for news in one.news}
        incident_changing(ctx, one.id, lambda now: told(now, marks))
