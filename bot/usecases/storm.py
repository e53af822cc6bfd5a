"""Storms: which incidents they hold. An incident that opens is shown on its own card, or on a storm's."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.commands import JoinStorm, LookIncident, LookStorm
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.snoozing import stormed
from bot.domain.drifting.storms import joined
from bot.domain.policy import StormRule
from bot.errors import Refused
from bot.ports import IncidentLog, Row
from bot.usecases.audited import BOT, note
from bot.usecases.context import Context
from bot.usecases.incident_card import subject_of
from bot.usecases.incident_changing import incident_changing
from bot.usecases.repo import Repo

EACH, MORE = 4, 20
"""Incidents of a channel that are looked at to see whether they are many: every kind of each model that the policy's
number lets stand alone, and some more."""
PAUSE_SECONDS, A_LOT = 5.0, 100
"""A storm's card is written at most once in so many seconds, however many join it; with so many, half as often, since
each look reads them all."""


def join_storm(ctx: Context, repo: Repo, row: Row, command: JoinStorm) -> None:
    """Decide where an incident is shown, write that down with it and with those that it takes along, and have it shown.
    A second try finds what the first one wrote, and writes the rest."""
    log = ctx.incident_log
    mine = log.get(command.incident) if log else None
    if log is None or mine is None:
        return
    found = joined(mine, _around(log, mine, rule := _rule(ctx, repo)), rule)
    for one in (*found.others, mine.id) if found.storm else ():
        incident_changing(ctx, one, lambda now: stormed(now, found.storm))
    if not found.storm:
        ctx.inbox.put(f"{row.key}:look", LookIncident(incident=mine.card))
        return
    if found.others:
        said = {"channel": mine.channel, "incidents": [*found.others, mine.id]}
        note(ctx, f"storm:{found.storm}", "storm", BOT, evidence=said)
    for card in _cards(log, found.storm) if found.others else [mine.card]:
        if ctx.posts.get(subject_of(card), "card") is not None:  # it gives way
            ctx.inbox.put(f"{row.key}:look:{card}", LookIncident(incident=card))
    ask_storm(ctx, found.storm)


def _around(log: IncidentLog, mine: Incident, rule: StormRule) -> list[Incident]:
    """What came in its channel shortly before it, and what shares its card."""
    recent = log.recent(mine.channel, mine.opened - rule.within, mine.opened, EACH * rule.incidents + MORE)
    return list({one.id: one for one in (*recent, *log.of_card(mine.card))}.values())


def _rule(ctx: Context, repo: Repo) -> StormRule:
    try:
        return repo.back.policy(ctx.checkout.head()).storm
    except Refused:
        return StormRule()


def _cards(log: IncidentLog, storm: str) -> Iterable[str]:
    return dict.fromkeys(one.card for one in log.of_storm(storm))


def ask_storm(ctx: Context, storm: str) -> None:
    """Have its card brought up to date, soon: whoever asks meanwhile asks for the same look."""
    size = ctx.incident_log.storm_size(storm) if ctx.incident_log else 0
    pause = PAUSE_SECONDS * (1 + size // A_LOT)
    turn = int(ctx.clock.now() // pause)
    delay = (turn + 1) * pause - ctx.clock.now()
    ctx.inbox.put(f"storm-look:{storm}:{pause:.0f}:{turn}", LookStorm(storm=storm), delay=delay)
