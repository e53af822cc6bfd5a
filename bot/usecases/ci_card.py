"""The card of an alert, out of what is written down of it."""

from __future__ import annotations

import hashlib

from bot.domain.change import Change
from bot.domain.ci_branch import Alert, AlertGate, CiBranch, CiNews, Snooze, Suspect
from bot.domain.ci_cards import CiCard, CiGateLine, CiSuspectLine
from bot.usecases.ci_places import Concern
from bot.usecases.context import Context

DECIDED = "window"


def subject_of(repo: str, sha: str, channel: str) -> str:
    """What the bot's memory of its messages calls the card of a commit in a channel."""
    return f"ci:{repo}:{sha}:{channel}"


def kept_in(ctx: Context, subject: str) -> str | None:
    """The window whose message tells of this card; "" where it has one of its own, None where that is not decided."""
    decided = ctx.posts.get(subject, DECIDED)
    return None if decided is None else decided.fingerprint


def news_mark(news: CiNews) -> str:
    """Tells a piece of news from every other about the same card, however often it is seen."""
    gates = hashlib.sha256("\n".join(news.gates).encode("utf-8", "replace")).hexdigest()[:12]
    return f"{news.kind}:{news.sha}:{news.at:.0f}:{gates}"


def card_of(ctx: Context, concern: Concern, branch: CiBranch, alert: Alert, change: Change | None) -> CiCard:
    """The card as it is to look now."""
    return CiCard(
        repo=branch.repo,
        branch=branch.branch,
        sha=alert.sha,
        gates=tuple(_line(one, branch.snoozes.get(one.gate)) for one in alert.gates),
        suspects=tuple(_suspect(ctx, one) for one in alert.suspects),
        more=alert.more,
        green=alert.green,
        compare=alert.compare,
        models=() if change else concern.models,
        every=concern.every and change is None,
        notify=() if change else concern.owners,
        people=change.requesters if change else (),
    )


def _line(gate: AlertGate, snooze: Snooze | None) -> CiGateLine:
    until = snooze.until if snooze else None
    return CiGateLine(
        gate.gate,
        gate.failing,
        gate.sha,
        gate.since,
        gate.summary,
        gate.excerpt,
        gate.url,
        gate.flapping,
        until,
    )


def _suspect(ctx: Context, one: Suspect) -> CiSuspectLine:
    """Mentioned is who linked the account: what a commit says of its author proves nothing."""
    person = ctx.links.by_login(one.login) if one.login else None
    return CiSuspectLine(one.sha, one.subject, one.author, person)
