"""Waivers that would let in what nobody let pass: of another meaning, of another rule, by somebody who is out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.change import Change
from bot.domain.commands import Reconcile, WaiveGate
from bot.domain.people import Person, Standing
from bot.errors import ChatUnavailable
from tests.attacks.deeds import approves_there, asked, looked_at, merged, status, written
from tests.usecases.trust_machine_rules import PATH, Rules
from tests.usecases.trust_machine_world import ANA, BEN, DAN, EVE, World, manifest

GATE, BAD = "roc_auc", "5"
RULES = Rules(threshold=0.9, waive=("slack:U0BEN", "slack:U0EVE"))


@pytest.fixture
def world() -> World:
    made = World()
    made.push_policy(RULES)
    return made


def waived(world: World, by: Person = BEN) -> Change:
    """A change with a gate that does not pass, and that somebody waived."""
    change = asked(world, version=BAD)
    waive(world, by, change)
    found = world.changes.get(change.id)
    assert found is not None
    assert len(found.waivers) == 1
    return found


def waive(world: World, by: Person, change: Change, digest: str = "", withdraw: bool = False) -> None:
    fields = {"change": change.id, "gate": GATE, "digest": digest, "withdraw": withdraw}
    world.by(by, WaiveGate, reason="it is fine", **fields)
    world.work()


def gates(world: World, change: Change) -> str:
    looked_at(world, change.number or 0)
    return status(world, change.number or 0, "slackops/gates")


def test_a_stricter_rule_is_not_waived_by_the_old_waiver(world: World) -> None:
    change = waived(world)
    assert gates(world, change) == "success"
    world.push_policy(replace(RULES, threshold=0.93))
    assert gates(world, change) == "failure"
    world.push_policy(RULES)
    assert gates(world, change) == "success"


def test_another_starting_point_is_another_change(world: World) -> None:
    change = waived(world)
    world.checkout.change("main", {PATH: manifest(2)}, "By hand", author="kim")
    assert gates(world, change) == "failure"
    after = world.changes.get(change.id)
    assert after is not None
    assert after.intent.digest != change.intent.digest
    assert len(after.waivers) == 1
    waive(world, BEN, after, digest=change.intent.digest)
    assert len(world.changes.get(change.id).waivers) == 1  # type: ignore[union-attr]
    waive(world, BEN, after, digest=after.intent.digest)
    assert gates(world, change) == "success"


def test_nothing_is_waived_of_what_is_about_to_be_rendered_anew(world: World) -> None:
    change = asked(world, version=BAD)
    world.checkout.change("main", {PATH: manifest(2)}, "By hand", author="kim")
    waive(world, BEN, change, digest=change.intent.digest)
    after = world.changes.get(change.id)
    assert after is not None
    assert after.waivers == ()


def test_a_base_that_moved_without_touching_it_keeps_the_waiver(world: World) -> None:
    change = waived(world)
    world.checkout.change("main", {"README.md": b"words"}, "Words", author="kim")
    assert gates(world, change) == "success"


def test_a_waiver_waives_no_approval(world: World) -> None:
    change = waived(world)
    looked_at(world, change.number or 0)
    assert not merged(world)
    assert status(world, change.number or 0) == "pending"


def test_whoever_loses_the_role_takes_the_waiver_along(world: World) -> None:
    change = waived(world)
    world.push_policy(replace(RULES, waive=("slack:U0EVE",)))
    assert gates(world, change) == "failure"
    waive(world, EVE, change)
    assert gates(world, change) == "success"
    assert [one.by for one in world.changes.get(change.id).waivers] == [BEN, EVE]  # type: ignore[union-attr]


def test_whoever_leaves_takes_the_waiver_along(world: World) -> None:
    change = waived(world)
    world.chat.standings[BEN.user] = Standing.DEACTIVATED
    assert gates(world, change) == "failure"
    world.chat.standings[BEN.user] = Standing.MEMBER
    assert gates(world, change) == "success"


def test_a_slack_that_is_silent_takes_nothing(world: World) -> None:
    change = waived(world)
    world.chat.fails = ChatUnavailable("slow")
    assert gates(world, change) == "success"


def test_whoever_wrote_to_the_branch_waives_nothing(world: World) -> None:
    change = asked(world, version=BAD)
    world.checkout.change(change.branch, {PATH: manifest(BAD)}, "The same again", author="ben")
    looked_at(world, change.number or 0)
    waive(world, BEN, change)
    assert world.changes.get(change.id).waivers == ()  # type: ignore[union-attr]
    assert "wrote to it" in (written(world, "refused")[-1].why or "")


def test_the_requester_waives_nothing_by_a_second_person_of_theirs(world: World) -> None:
    change = asked(world, version=BAD)
    world.links.remove(ANA)
    world.links.remove(BEN)
    world.link(BEN, 1)
    waive(world, BEN, change)
    assert world.changes.get(change.id).waivers == ()  # type: ignore[union-attr]
    assert "You asked for" in (written(world, "refused")[-1].why or "")


def test_the_author_of_a_pull_request_by_hand_waives_nothing_of_it(world: World) -> None:
    world.checkout.change("mine", {PATH: manifest(BAD)}, "By hand", author="ben")
    number = world.forge.open_by_hand("ben", "mine", "By hand")
    looked_at(world, number)
    change = world.changes.by_number(number)
    assert change is not None
    waive(world, BEN, change)
    assert gates(world, change) == "failure"
    waive(world, EVE, change)
    assert gates(world, change) == "success"
    assert not merged(world)


def test_an_outsider_takes_no_waiver_back(world: World) -> None:
    change = waived(world)
    waive(world, DAN, change, withdraw=True)
    assert gates(world, change) == "success"
    assert written(world, "waiver withdrawn") == []


def test_a_waiver_that_is_taken_back_while_it_merges_stops_it(world: World) -> None:
    change = waived(world)
    world.forge.review_by_hand("ben", change.number or 0, "APPROVE", "fine")

    def withdraws() -> None:
        world.at_once(BEN, WaiveGate, change=change.id, gate=GATE, withdraw=True)

    world.meanwhile = ("forge.statuses", 0, withdraws)
    world.put(Reconcile(number=change.number or 0))
    world.work()
    assert not merged(world)
    assert gates(world, change) == "failure"


def test_after_the_merge_nothing_changes_it(world: World) -> None:
    change = waived(world)
    approves_there(world, 2, change)
    assert merged(world)
    waive(world, BEN, change, withdraw=True)
    assert world.changes.get(change.id).waivers[0].withdrawn_by is None  # type: ignore[union-attr]


@pytest.mark.parametrize("left", range(0, 40, 3))
def test_a_kill_anywhere_doubles_nothing(world: World, left: int) -> None:
    change = asked(world, version=BAD)
    world.fault = (left, "kill")
    waive(world, BEN, change)
    world.clock.tick(200)
    world.work()
    world.fault = None
    assert gates(world, change) == "success"
    assert len(world.changes.get(change.id).waivers) == 1  # type: ignore[union-attr]
    assert len(written(world, "waived")) == 1
    told = [one.mark for one in world.chat.sent if "waived:" in one.mark]
    assert len(told) == len(set(told)) == 1
