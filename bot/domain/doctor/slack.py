"""Slack: the token, its scopes, how Slack reaches the bot, channels, groups and people.

https://docs.slack.dev/reference/methods/auth.test (`x-oauth-scopes` of the answer)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.doctor.finding import Finding, fail, listed, ok, warn
from bot.domain.people import Standing
from bot.domain.slack_manifest import EVENTS_PATH, SCOPES, SPARED

AGAIN = "add it under OAuth & Permissions, or use `slackops slack-manifest`, and install the app again"


@dataclass(frozen=True)
class SlackSelf:
    """Who the bot is. ``scopes`` is None where Slack did not tell them."""

    team: str
    user: str
    scopes: frozenset[str] | None


@dataclass(frozen=True)
class Seat:
    """The bot's place in a channel. ``found``: it can see such a channel."""

    found: bool
    member: bool = False
    archived: bool = False


def check_self(me: SlackSelf) -> Iterator[Finding]:
    """The token and what it may."""
    yield ok("slack token", f"{me.user} in {me.team}")
    if me.scopes is None:
        yield warn("slack scopes", "Slack did not tell the token's scopes", "Compare them with docs/permissions.md.")
        return
    missing, more = sorted(SCOPES.keys() - me.scopes), sorted(me.scopes - SCOPES.keys())
    for scope in missing:
        told = warn if scope in SPARED else fail
        yield told("slack scopes", f"{scope} is missing: {SCOPES[scope]}", f"Scope {scope}: {AGAIN}.")
    if more:
        yield warn("slack scopes", f"never used: {listed(more)}", "Take them out: the fewest scopes are the safest.")
    if not missing and not more:
        yield ok("slack scopes", f"all {len(SCOPES)}, and no more")


def check_delivery(public_url: str | None, *, signed: bool, socket: bool) -> Finding:
    """How Slack reaches the bot. ``socket``: an app token is there, and Slack takes it."""
    name = "slack delivery"
    if signed and public_url:
        where = f"signed requests to {public_url}{EVENTS_PATH}"
        return ok(name, f"{where}; or `slackops run --socket`" if socket else where)
    if socket:
        return ok(name, "Socket Mode (`slackops run --socket`): nothing has to reach the bot")
    fix = f"Set PUBLIC_URL, and give Slack PUBLIC_URL{EVENTS_PATH} as the request URL; or set SLACK_APP_TOKEN."
    return warn(name, "signed requests, at an address that is not known here", fix)


def check_channels(seats: Mapping[str, Seat]) -> Iterator[Finding]:
    """The bot posts only where it is."""
    good = [name for name, seat in seats.items() if seat.found and seat.member and not seat.archived]
    for name, seat in seats.items():
        if not seat.found:
            fix = f"Create {name}, or name another channel in the policy; invite the bot to a private one with /invite."
            yield fail("channel", f"{name}: there is none that the bot can see", fix)
        elif seat.archived:
            yield fail("channel", f"{name} is archived", f"Unarchive {name}, or name another channel in the policy.")
        elif not seat.member:
            yield fail("channel", f"the bot is not in {name}", f"Type /invite @SlackOps in {name}.")
    if good:
        yield ok("channel", f"the bot is in {listed(good)}")


def check_groups(members: Mapping[str, tuple[str, ...] | None], kind: str, where: str) -> Iterator[Finding]:
    """User groups or teams of the policy: ``members`` None where there is no such group. ``where`` it is mended."""
    for ref, found in members.items():
        if found is None:
            yield fail(kind, f"{ref}: there is no such {kind}", f"Make it {where}, or name another one in the policy.")
        elif not found:
            yield fail(
                kind, f"{ref} has nobody in it", f"Add its people {where}: nobody there can approve or be called."
            )
    full = [f"{ref} ({len(found)})" for ref, found in members.items() if found]
    if full:
        yield ok(kind, listed(full))


def check_users(standings: Mapping[str, Standing]) -> Iterator[Finding]:
    """People whom the policy names one by one."""
    for ref, standing in standings.items():
        fix = f"Take {ref} out of the policy, or name somebody else."
        if standing is Standing.UNKNOWN:
            yield fail("slack user", f"{ref}: Slack knows nobody of this id", fix)
        elif standing is Standing.DEACTIVATED:
            yield fail("slack user", f"{ref} was deactivated", fix)
        elif standing is Standing.ROBOT:
            yield fail("slack user", f"{ref} is an app's user: those never approve", fix)
        elif standing is not Standing.MEMBER:
            yield warn("slack user", f"{ref} is no full member ({standing.value}), and counts because it is named", fix)
    members = [ref for ref, standing in standings.items() if standing is Standing.MEMBER]
    if members:
        yield ok("slack user", listed(members))
