"""What attackers do and what is written down of it, over the world of the trust machine."""

from __future__ import annotations

from typing import Any

from bot.domain.audit import AuditEntry
from bot.domain.change import Change
from bot.domain.commands import Nudge, Promote, Reconcile, Review
from bot.domain.people import Person
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, Rules
from tests.usecases.trust_machine_world import ANA, World


def world_with(**rules: Any) -> World:
    """A world with another policy than the plain one."""
    world = World()
    world.push_policy(Rules(**rules))
    return world


def asked(world: World, by: Person = ANA, version: str = "4") -> Change:
    """A change that waits for its approvals."""
    row = world.by(by, Promote, model=MODEL, version=version, environment=ENVIRONMENT)
    world.work()
    change = world.changes.get(row)
    assert change is not None and change.number is not None
    return change


def clicks(world: World, by: Person, change: Change, digest: str = "") -> None:
    """Approve, on the card."""
    world.by(by, Review, change=change.id, digest=digest or change.intent.digest, verdict="approve")
    world.work()


def approves_there(world: World, account: int, change: Change) -> None:
    """Approve, on the forge's own page."""
    world.forge.review_by_hand(world.forge.logins[account], change.number or 0, "APPROVE", "fine")
    looked_at(world, change.number or 0)


def looked_at(world: World, number: int) -> None:
    """The bot hears that something happened to the pull request."""
    world.put(Nudge(source="forge", pulls=(number,)))
    world.put(Reconcile(number=number))
    world.work()


def written(world: World, what: str) -> list[AuditEntry]:
    """The chain's rows of one kind."""
    return [row.entry for row in world.changes.audit.chain if row.entry.what == what]


def not_counted(world: World, login: str) -> str:
    """Why the account's review does not count, as the chain has it last."""
    every = (*written(world, "review_counts"), *written(world, "review_counts_not"))
    rows = [row.entry for row in world.changes.audit.chain if row.entry in every]
    mine = [entry for entry in rows if entry.evidence["login"] == login]
    assert mine and not mine[-1].evidence["counts"], (login, [entry.evidence for entry in mine])
    return str(mine[-1].evidence["why"])


def status(world: World, number: int, context: str = "slackops/approvals") -> str:
    """The state of our status on the head."""
    return world.forge._statuses[world.forge._shown(number).head][context].state


def merged(world: World) -> bool:
    """Whether anything was."""
    return any(pull.merged for pull in world.forge._pulls.values())
