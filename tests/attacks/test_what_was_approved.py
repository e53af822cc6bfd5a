"""Approvals of something else than what would be merged: moved digests, pushed files, lowered bars, forged marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.commands import Review
from bot.domain.facts import Status
from tests.attacks.deeds import approves_there, asked, clicks, looked_at, merged, status, world_with, written
from tests.usecases.trust_machine_rules import MODEL, PATH, Rules
from tests.usecases.trust_machine_world import ANA, BEN, CHLOE, World, manifest

LOW = Rules(required=0, frm=()).text()


@pytest.fixture
def world() -> World:
    return world_with(required=2)


@pytest.mark.parametrize("digest", ["0" * 64, "", "x"], ids=["another", "none", "no digest"])
def test_a_forged_digest(world: World, digest: str) -> None:
    change = asked(world)
    world.by(BEN, Review, change=change.id, digest=digest, verdict="approve")
    world.work()
    assert world.forge._reviews == {}
    (row,) = written(world, "refused")
    assert "moved since the card" in (row.why or "")


def test_a_forged_change_id(world: World) -> None:
    change = asked(world)
    world.by(BEN, Review, change="01FORGED", digest=change.intent.digest, verdict="approve")
    world.work()
    assert world.forge._reviews == {}
    assert "not known here" in (written(world, "refused")[0].why or "")


FILES = {
    "a file": {"evil.yaml": b"kind: Evil\n"},
    "another version": {PATH: manifest(5)},
    "a lower bar": {".slackops.yaml": LOW},
}


@pytest.mark.parametrize("what", FILES)
def test_the_requester_pushes_after_an_approval(world: World, what: str) -> None:
    change = asked(world)
    clicks(world, BEN, change)
    world.checkout.change(change.branch, FILES[what], "more", author="ana")
    looked_at(world, change.number or 0)
    clicks(world, CHLOE, change)
    approves_there(world, 3, change)
    assert not merged(world)
    assert status(world, change.number or 0, "slackops/gates") == "failure"
    assert "does not hold what the card shows" in (written(world, "refused")[-1].why or "")


def test_a_pull_request_that_lowers_the_bar_for_itself(world: World) -> None:
    world.checkout.change("mine", {".slackops.yaml": LOW, PATH: manifest(4)}, "Both at once", author="ana")
    number = world.forge.open_by_hand("ana", "mine", "Both at once")
    looked_at(world, number)
    assert status(world, number) != "success"
    assert not merged(world)


def test_trailers_of_an_approved_change_on_a_branch_made_by_hand(world: World) -> None:
    change = asked(world)
    clicks(world, BEN, change)
    body = world.forge._pulls[change.number or 0].body
    world.checkout.change("copy", {PATH: manifest(5)}, world.checkout.message(change.head or ""), author="ana")
    number = world.forge.open_by_hand("ana", "copy", "Promote fraud 3 → 4 in production", body)
    looked_at(world, number)
    assert status(world, number) != "success"
    own = world.changes.by_number(number)
    assert own is None or own.id != change.id
    assert not merged(world)


def test_a_status_that_a_person_set(world: World) -> None:
    change = asked(world)
    for context in ("slackops/approvals", "slackops/gates"):
        world.forge.set_status(change.head or "", Status(context, "success", "all is well"))
    looked_at(world, change.number or 0)
    assert status(world, change.number or 0) == "pending"
    assert not merged(world)


def test_a_lower_bar_merged_first_is_what_judges_and_a_higher_one_too(world: World) -> None:
    change = asked(world)
    clicks(world, BEN, change)
    world.push_policy(replace(world.rules, required=3))
    clicks(world, CHLOE, change)
    assert not merged(world)
    world.push_policy(replace(world.rules, required=2))
    looked_at(world, change.number or 0)
    assert world.deployed() == "4"


def test_the_same_click_delivered_again_is_one_review(world: World) -> None:
    change = asked(world)
    command = Review(by=BEN, change=change.id, digest=change.intent.digest, verdict="approve")
    assert world.inbox.put("action:trigger-1", command)
    assert world.inbox.put("action:trigger-1", command) is None
    world.work()
    assert world.inbox.put("action:trigger-1", command) is None
    assert len(world.forge._reviews[change.number or 0]) == 1
    assert len(written(world, "approved")) == 1


def test_two_asks_are_no_two_people(world: World) -> None:
    change = asked(world)
    again = asked_again(world)
    assert again == {ANA, CHLOE}
    clicks(world, CHLOE, change)
    assert world.forge._reviews.get(change.number or 0, []) == []
    assert "You asked for this change" in (written(world, "refused")[-1].why or "")


def asked_again(world: World) -> set[object]:
    from bot.domain.commands import Promote

    world.by(CHLOE, Promote, model=MODEL, version="4", environment="production")
    world.work()
    return set(world.open()[0].requesters)
