"""Somebody left the workspace or the organisation: what they are linked to, what they approved, what they leave."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.domain.change import Change, Voided
from bot.domain.commands import Leave, Reconcile, TellLeaver
from bot.domain.facts import ForgeReview
from bot.domain.link_cards import LeaverNews
from bot.domain.people import Person
from bot.domain.recorded import recorded_for
from bot.ports import Row
from bot.usecases.again import first_key
from bot.usecases.audited import BOT, entry
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.state_branch import read_stops
from bot.usecases.tell import post_once

MOST_LINES = 20


def leave(ctx: Context, row: Row, command: Leave) -> None:
    """Void what they said on changes that are not merged, unlink, revoke, and have it told.

    The link goes last but for the telling: by it a second try knows whose reviews they are.
    """
    person = command.person or (ctx.links.by_login(command.login, command.account) if command.login else None)
    if person is not None and _linked_anew(ctx, command, person):
        person = None
    login, account = _account(ctx, command, person)
    if login is None and person is None:
        return
    voided = [change for change in ctx.changes.all_open() if _void(ctx, row, change, login or "", account, person)]
    why = command.why or "no longer a member"
    follow = (f"{row.key}:told", TellLeaver(person=person, login=login, why=why))
    linked = person is not None and ctx.links.login_of(person) is not None
    if not linked and (voided or (person is not None and orphans(ctx, person))):
        ctx.inbox.put(*follow)
    if person is None:
        return
    told = entry(ctx, f"leave:{row.id}", "left", BOT, login=login, why=why, evidence={"person": str(person)})
    ctx.links.remove(person, told, follow=[follow] if login is not None else [])


def _linked_anew(ctx: Context, command: Leave, person: Person) -> bool:
    """The account that is gone is not the one that they have by now: that one stays theirs."""
    login, account = ctx.links.login_of(person), ctx.links.account_of(person)
    if login is None:
        return command.person is None
    if command.login is None:
        return False
    same = account == command.account if account and command.account else login.casefold() == command.login.casefold()
    return not same


def _account(ctx: Context, command: Leave, person: Person | None) -> tuple[str | None, int]:
    """The account that left; where Slack tells, the one that the person had linked."""
    if command.login is not None:
        return command.login, command.account
    login = ctx.links.login_of(person) if person else None
    return login, (ctx.links.account_of(person) or 0) if person else 0


def _void(ctx: Context, row: Row, change: Change, login: str, account: int, person: Person | None) -> bool:
    """Whether they said anything about it: by their account, or by a word that the bot recorded."""
    asked = change.number is not None and (login or _acted(ctx, change, person))
    reviews = ctx.forge.reviews(change.number or 0) if asked else []
    given = login and any(_theirs(review, login, account) for review in reviews)
    recorded = person is not None and any(recorded_for(review.body) == person for review in reviews)
    said = [Voided(login, ctx.clock.now(), account)] if given else []
    said += [Voided(str(person), ctx.clock.now())] if recorded else []
    for one in said:
        key = f"void:{row.id}:{change.id}:{one.login}"
        told = entry(ctx, key, "voided", BOT, change, login=one.login, why="whoever said it has left")
        # Once a row: a second try finds its own mark, which has the time of the first.
        ctx.changes.update(change.id, partial(_voided, new=one, since=row.created_at), told)
    if said:
        ctx.inbox.put(f"{row.key}:{change.number}", Reconcile(number=change.number or 0))
    return bool(said)


def _acted(ctx: Context, change: Change, person: Person | None) -> bool:
    """Whether the chain tells of them there: the forge is not asked about everybody who leaves."""
    return person is not None and any(row.entry.by == str(person) for row in ctx.audit.of_change(change.id))


def _voided(change: Change, new: Voided, since: float) -> Change:
    known = any(_same(one, new) and one.at >= since for one in change.voided)
    return change if known else replace(change, voided=(*change.voided, new))


def _same(one: Voided, other: Voided) -> bool:
    return (one.login.casefold(), one.account) == (other.login.casefold(), other.account)


def _theirs(review: ForgeReview, login: str, account: int) -> bool:
    if review.account and account:
        return review.account == account
    return review.login.casefold() == login.casefold()


def tell_leaver(ctx: Context, repo: Repo, row: Row, command: TellLeaver) -> None:
    """Tell the default channel once that somebody left, and what nobody looks after any more."""
    lines = orphans(ctx, command.person) if command.person else ()
    channel = repo.back.policy(ctx.checkout.fetch()).channel  # a broken policy keeps nobody from hearing it
    shown = lines[:MOST_LINES] + ((f"and {len(lines) - MOST_LINES} more",) if len(lines) > MOST_LINES else ())
    news = LeaverNews(command.person, command.login, command.why, shown)
    post_once(ctx, f"leaver:{first_key(row)}", "news", channel, news, thread=None, broadcast=False)


def orphans(ctx: Context, person: Person) -> tuple[str, ...]:
    """What was asked for or taken on by them, and what they stopped."""
    stops = read_stops(ctx.checkout)
    asked = [f"#{c.number} {_what(c)}: they asked for it" for c in ctx.changes.all_open() if person in c.requesters]
    held = [f"#{c.number} {_what(c)}: they put it on hold" for c in ctx.changes.all_open() if c.held_by == person]
    on_it = [f"#{c.number} {_what(c)}: they are on it" for c in ctx.changes.all_watching() if c.owner == person]
    now = ctx.clock.now()
    frozen = [f"{one.place} is frozen by them" for one in stops.freezes if one.by == person and one.holds(now)]
    banned = [f"{one.model} {one.version} is banned by them" for one in stops.bans if one.by == person]
    return (*asked, *held, *on_it, *frozen, *banned)


def _what(change: Change) -> str:
    return f"{change.intent.model} {change.intent.to} in {change.intent.environment}"
