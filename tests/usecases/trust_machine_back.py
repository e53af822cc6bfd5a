"""Rolling back must always be possible: from any state, with the registry down and a freeze holding."""

from __future__ import annotations

from bot.domain.commands import CloseChange, Freeze, MergeChange, Review, Rollback, Sweep
from bot.domain.people import Person
from bot.errors import RegistryUnavailable
from tests.usecases import trust_machine_oracle as oracle
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL
from tests.usecases.trust_machine_world import BEN, CHLOE, EVE, PEOPLE, World

TRIES = 3


class StuckError(AssertionError):
    """Nobody could go back."""


def go_back(world: World) -> None:
    """Somebody whose link and rights are in order asks for the last healthy version and approves, others where their
    word is wanted too: then it merges. Nothing else is mended first, and nobody helps from outside."""
    world.fault = world.meanwhile = None
    to, stood = oracle.way_back(world), world.deployed()
    if to is None or to == stood:
        return
    for person, account in ((EVE, 5), (CHLOE, 3), (BEN, 2)):
        mend(world, person, account)
    if not enough(world):
        return
    world.registry.down = RegistryUnavailable("down")
    if oracle.policy_now(world) is not None:
        world.at_once(BEN, Freeze, environment=ENVIRONMENT, reason="holds")
    if oracle.freezes(world) and world.rules.freezes == "obey":
        return
    for _ in range(TRIES):
        if _tried(world, to):
            return
    raise StuckError(_told(world, to))


def enough(world: World) -> bool:
    """Whether those three are as many as the policy wants."""
    others = sum(oracle.listed(world, world.rules, account) for account in (2, 3))
    return others + world.rules.back_requester >= world.rules.back


def _tried(world: World, to: str) -> bool:
    world.asked[world.by(EVE, Rollback, model=MODEL, environment=ENVIRONMENT)] = EVE
    settle(world)
    for person in (EVE, CHLOE, BEN):
        change = next((one for one in world.open() if one.intent.to == to), None)
        if change is None:
            break
        world.by(person, Review, change=change.id, digest=change.intent.digest, verdict="approve")
        if not world.rules.auto:
            world.by(EVE, MergeChange, change=change.id, digest=change.intent.digest)
        settle(world)
    if world.deployed() == to:
        return True
    for change in world.open():
        world.by(EVE, CloseChange, change=change.id, reason="ask anew")
    settle(world)
    return False


def settle(world: World) -> None:
    """The clock goes on, and the worker with it."""
    for seconds in (0.0, 5.0, 130.0, 700.0):
        world.clock.tick(seconds)
        world.put(Sweep())
        world.work()


def mend(world: World, person: Person, account: int) -> None:
    """The person is linked to their own account again, may write, and is a lead."""
    for other in PEOPLE:
        if world.links.account_of(other) == account and other != person:
            world.links.remove(other)
    world.link(person, account)
    world.forge.permissions[world.forge.logins[account]] = "write"
    world.forge.teams["acme/leads"] |= {world.forge.logins[account]}
    world.chat.groups["S0LEADS"] |= {person.user}


def _told(world: World, to: str) -> str:
    open_now = [(change.intent.action, change.intent.to, change.state, change.number) for change in world.open()]
    whispers = [str(one.message) for one in world.chat.whispers[-3:]]
    return f"{world.deployed()} → {to}; open {open_now}; dead {world.inbox.dead()[:3]}; last told {whispers}"
