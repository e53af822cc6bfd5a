"""Approvals that are not what they look like: the requester's own, a stranger's, those of somebody who is out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.commands import Unlink
from bot.domain.people import Person, Standing
from tests.attacks.deeds import approves_there, asked, clicks, merged, not_counted, world_with, written
from tests.usecases.trust_machine_world import ANA, BEN, CHLOE, DAN, World

TEAM = ("github:acme/leads",)


@pytest.fixture
def world() -> World:
    return world_with(frm=("slack:@leads", "github:acme/leads"))


def test_the_requester_clicks_approve(world: World) -> None:
    clicks(world, ANA, asked(world))
    assert not merged(world)
    (row,) = written(world, "refused")
    assert (row.by, row.login, row.outcome) == (str(ANA), "ana", "refused")
    assert "You asked for this change" in (row.why or "")


def test_the_requester_approves_on_the_forge(world: World) -> None:
    approves_there(world, 1, asked(world))
    assert not merged(world)
    assert not_counted(world, "ana") == "asked for this change"


def test_the_requester_approves_with_a_second_account_linked_since(world: World) -> None:
    change = asked(world)
    world.links.remove(ANA)
    world.link(ANA, 6)
    approves_there(world, 6, change)
    assert not merged(world)
    assert not_counted(world, "ana-two") == "asked for this change"


def test_the_first_account_is_still_the_requesters_when_another_is_linked(world: World) -> None:
    world.forge.teams["acme/leads"] |= {"ana"}
    change = asked(world)
    world.links.remove(ANA)
    world.link(ANA, 6)
    approves_there(world, 1, change)
    assert not merged(world)
    assert not_counted(world, "ana") == "asked for this change"


def test_the_requester_approves_with_a_second_account_that_they_unlinked_again(world: World) -> None:
    change = asked(world)
    world.links.remove(ANA)
    world.link(ANA, 6)
    world.links.remove(ANA)
    world.link(ANA, 1)
    world.links.remove(ANA)
    approves_there(world, 6, change)
    assert not merged(world)
    assert not_counted(world, "ana-two") == "asked for this change"


def test_the_requester_approves_with_an_account_that_they_had_linked_before_they_asked(world: World) -> None:
    world.links.remove(ANA)
    world.link(ANA, 6)
    world.links.remove(ANA)
    world.link(ANA, 1)
    change = asked(world)
    approves_there(world, 6, change)
    assert not merged(world)
    assert not_counted(world, "ana-two") == "asked for this change"


def test_the_requesters_old_account_is_renamed_before_it_approves(world: World) -> None:
    world.links.remove(ANA)
    world.link(ANA, 6)
    world.links.remove(ANA)
    world.link(ANA, 1)
    world.forge.teams["acme/leads"] |= {"fresh"}
    change = asked(world)
    world.forge.rename(6, "fresh")
    approves_there(world, 6, change)
    assert not merged(world)
    assert not_counted(world, "fresh") == "asked for this change"


def test_an_account_that_another_person_takes_over_stays_the_requesters_too(world: World) -> None:
    world.links.remove(ANA)
    world.link(ANA, 6)
    world.links.remove(ANA)
    world.link(DAN, 6)
    change = asked(world)
    approves_there(world, 6, change)
    assert not merged(world)
    assert not_counted(world, "ana-two") == "asked for this change"


@pytest.mark.parametrize("renamed_first", [True, False], ids=["renamed, then approves", "approves, then renamed"])
def test_the_requester_is_called_otherwise(world: World, renamed_first: bool) -> None:
    world.push_policy(replace(world.rules, required=2))
    world.forge.teams["acme/leads"] |= {"ana"}
    change = asked(world)
    if renamed_first:
        world.forge.rename(1, "quite-another")
    approves_there(world, 1, change)
    if not renamed_first:
        world.forge.rename(1, "quite-another")
    clicks(world, BEN, change)
    assert not merged(world)
    assert not_counted(world, "quite-another") == "asked for this change"


def test_somebody_takes_the_name_that_a_reviewer_had(world: World) -> None:
    world.push_policy(replace(world.rules, frm=("slack:@leads",)))
    change = asked(world)
    world.forge.rename(2, "ben-renamed")
    world.forge.rename(4, "ben")
    approves_there(world, 4, change)
    assert not merged(world)
    assert "is not on the list" in not_counted(world, "ben")


def test_a_robot_of_the_team_approves(world: World) -> None:
    approves_there(world, 7, asked(world))
    assert not merged(world)
    assert not_counted(world, "ci-robot") == "is a machine's"


def test_a_reader_of_the_team_approves(world: World) -> None:
    approves_there(world, 8, asked(world))
    assert not merged(world)
    assert not_counted(world, "gus") == "has no write access"


def test_a_reviewer_is_out_of_the_team_before_the_second_one_approves(world: World) -> None:
    world.push_policy(replace(world.rules, required=2))
    change = asked(world)
    clicks(world, BEN, change)
    world.forge.teams["acme/leads"] -= {"ben"}
    world.chat.groups["S0LEADS"] -= {BEN.user}
    clicks(world, CHLOE, change)
    assert not merged(world)
    assert "is not on the list" in not_counted(world, "ben")


def test_a_reviewer_lost_their_write_access_since(world: World) -> None:
    world.push_policy(replace(world.rules, required=2))
    change = asked(world)
    clicks(world, BEN, change)
    world.forge.permissions["ben"] = "read"
    clicks(world, CHLOE, change)
    assert not merged(world)
    assert not_counted(world, "ben") == "has no write access"


def test_one_human_with_two_accounts_is_one(world: World) -> None:
    world.push_policy(replace(world.rules, required=2))
    change = asked(world)
    clicks(world, BEN, change)
    world.links.remove(BEN)
    world.link(BEN, 6)
    approves_there(world, 6, change)
    assert not merged(world)


def test_one_human_with_an_account_of_long_ago_is_one(world: World) -> None:
    world.push_policy(replace(world.rules, required=2))
    world.links.remove(BEN)
    world.link(BEN, 6)
    world.links.remove(BEN)
    world.link(BEN, 2)
    change = asked(world)
    approves_there(world, 6, change)
    clicks(world, BEN, change)
    assert not merged(world)
    clicks(world, CHLOE, change)
    assert merged(world)


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (Standing.DEACTIVATED, "is deactivated in Slack"),
        (Standing.GUEST, "is a guest of the workspace, whom the policy does not name"),
    ],
)
def test_unlinking_hides_from_nobody_who_somebody_is(world: World, standing: Standing, why: str) -> None:
    world.links.remove(BEN)
    world.chat.standings = {BEN.user: standing}
    approves_there(world, 2, asked(world))
    assert not merged(world)
    assert not_counted(world, "ben") == why


def test_the_same_user_id_in_another_workspace(world: World) -> None:
    clicks(world, Person(team="T0OTHER", user=BEN.user), asked(world))
    assert not merged(world)
    (row,) = written(world, "refused")
    assert row.by == f"slack:T0OTHER/{BEN.user}"
    assert "not a member of this workspace" in (row.why or "")


def test_who_unlinked_approves_nothing_by_click(world: World) -> None:
    change = asked(world)
    world.by(BEN, Unlink)
    world.work()
    clicks(world, BEN, change)
    assert not merged(world)
