"""How long broken glass holds, whose look settles it, and who is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Refusal
from bot.domain.change import Change
from bot.domain.commands import HoldChange, Reconcile, Rollback, SettleGlass
from bot.domain.facts import ForgeReview, Verdict
from bot.domain.people import Standing
from bot.errors import ChatUnavailable, Reason, Refused
from bot.usecases.dispatch import Dispatcher
from bot.usecases.glass_debt import see_to_glass
from tests.usecases.trust_machine_back import settle
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, PATH, Rules
from tests.usecases.trust_machine_world import ANA, BEN, CHLOE, EVE, World, manifest

HOUR = 3600.0


@pytest.fixture
def world() -> World:
    made = World()
    made.push_policy(Rules(back_requester=False))
    made.checkout.fetch()
    return made


def ask(world: World, by=EVE) -> None:
    """The change is opened and marked; nobody has looked whether it may be merged."""
    world.at_once(by, Rollback, model=MODEL, environment=ENVIRONMENT, reason="down", break_glass=True)


def the_change(world: World) -> Change:
    (found,) = (one for one in (*world.changes.all_open(), *world.changes.merged_for(MODEL, ENVIRONMENT)) if one.glass)
    return found


def merged(world: World) -> Change:
    ask(world)
    world.work()
    assert world.deployed() == "2"
    return the_change(world)


def without_role(world: World) -> None:
    world.push_policy(replace(world.rules, glass=("slack:U0ANA",)))


def over_another_version(world: World) -> None:
    world.checkout.change("main", {PATH: manifest(4)}, "A fix", author="kim")


@pytest.mark.parametrize(("meanwhile", "stands", "then"), [(without_role, "3", "2"), (over_another_version, "4", "3")])
def test_what_nobody_may_break_any_more_goes_by_the_normal_rules(world, meanwhile, stands, then):
    ask(world)
    meanwhile(world)
    settle(world)
    assert world.deployed() == stands
    assert the_change(world).glass.by == EVE
    ask(world, ANA)
    settle(world)
    assert world.deployed() == then
    assert world.changes.merged_for(MODEL, ENVIRONMENT)[0].glass.by == ANA


def test_an_approval_merges_it_then_and_settles_it(world):
    ask(world)
    without_role(world)
    settle(world)
    world.forge.review_by_hand("ben", the_change(world).number, "APPROVE", "seen")
    world.put(Reconcile(number=the_change(world).number))
    settle(world)
    assert world.deployed() == "2"
    assert the_change(world).glass.settled_login == "ben"


def test_a_slack_that_is_silent_takes_no_role(world, monkeypatch):
    world.push_policy(replace(world.rules, glass=("slack:@leads",)))
    world.chat.groups["S0LEADS"] |= {EVE.user}
    ask(world)

    def silent(group: str) -> frozenset[str]:
        raise ChatUnavailable("down")

    monkeypatch.setattr(world.chat, "user_group", silent)
    world.work()
    assert world.deployed() == "2"


def test_twice_is_once(world):
    ask(world)
    ask(world)
    ask(world, ANA)
    world.work()
    assert the_change(world).glass.by == EVE
    assert sum(row.entry.what == "broke the glass" for row in world.changes.audit.rows()) == 1


def test_it_does_not_go_over_a_hold(world):
    ask(world)
    world.at_once(BEN, HoldChange, change=the_change(world).id, hold=True, reason="wait")
    settle(world)
    assert world.deployed() == "3"


def test_the_status_says_why_it_needs_nobody(world):
    ask(world)
    world.at_once(BEN, HoldChange, change=the_change(world).id, hold=True, reason="wait")
    world.work()
    world.at_once(BEN, HoldChange, change=the_change(world).id, hold=False)
    world.work()
    head = world.forge.pull(the_change(world).number).head
    assert world.forge.statuses(head)["slackops/approvals"].description.startswith("Broke the glass")


def test_a_guest_settles_nothing(world):
    change = merged(world)
    world.chat.standings["U0BEN"] = Standing.GUEST
    world.by(BEN, SettleGlass, change=change.id)
    world.work()
    told = world.chat.whispers[-1].message
    assert isinstance(told, Refusal)
    assert told.reason == "not_an_approver"
    assert the_change(world).glass.settled_at is None


def test_the_requester_settles_nothing_after_linking_another_account(world):
    change = merged(world)
    world.links.remove(EVE)
    world.link(EVE, 6)
    world.by(EVE, SettleGlass, change=change.id)
    world.work()
    assert the_change(world).glass.settled_at is None


@pytest.mark.parametrize("left", [Standing.GUEST, Standing.DEACTIVATED])
def test_unlinking_hides_no_guest_whose_account_a_list_names(world, left):
    change = merged(world)
    world.forge.teams["acme/leads"] = {"ben"}
    world.links.remove(BEN)
    given = world.forge._reviews.setdefault(change.number, [])
    head = world.forge.pull(change.number).head
    given.append(ForgeReview(900, "ben", Verdict.APPROVED, head, "", world.clock.now(), 2))
    world.chat.standings[BEN.user] = left
    see(world, change)
    assert the_change(world).glass.settled_at is None
    world.chat.standings[BEN.user] = Standing.MEMBER
    see(world, change)
    assert the_change(world).glass.settled_login == "ben"


def test_an_approval_of_another_head_settles_nothing(world):
    change = merged(world)
    given = world.forge._reviews.setdefault(change.number, [])
    given.append(ForgeReview(900, "ben", Verdict.APPROVED, change.base, "", world.clock.now(), 2))
    see(world, change)
    assert the_change(world).glass.settled_at is None
    given.append(replace(given[-1], commit=world.forge.pull(change.number).head))
    see(world, change)
    assert the_change(world).glass.settled_login == "ben"


def see(world: World, change: Change) -> None:
    dispatcher = Dispatcher(world.plain)
    see_to_glass(dispatcher.ctx, dispatcher.repo, change.id)


def test_a_policy_that_cannot_be_read_when_it_is_due_puts_that_off(world, monkeypatch):
    change = merged(world)
    world.clock.tick(25 * HOUR)
    dispatcher = Dispatcher(world.plain)

    def broken(commit: str):
        raise Refused(Reason.POLICY_INVALID, "broken", "mend it")

    monkeypatch.setattr(dispatcher.repo.back, "policy", broken)
    for record in world.inbox.records:
        record.state = "done"
    see_to_glass(dispatcher.ctx, dispatcher.repo, change.id)
    world.clock.tick(61.0)
    world.work()
    assert "broken glass not reviewed in time" in [row.entry.what for row in world.changes.audit.rows()]


@pytest.mark.parametrize("lists", ["environments", "models"])
def test_whoever_has_the_role_there_is_called(world, lists):
    change = merged(world)
    here, there = f"  {ENVIRONMENT}:\n", f"  {MODEL}: {{primary_metric: roc_auc"
    role = 'roles: {break_glass: ["slack:U0CHLOE"]}'
    text = world.rules.text().decode()
    text = (
        text.replace(here, f"{here}    {role}\n")
        if lists == "environments"
        else text.replace(there, f"{there}, {role}")
    )
    assert role in text
    world.checkout.change("main", {".slackops.yaml": text.encode()}, "Policy", author="kim")
    world.clock.tick(25 * HOUR)
    world.work()
    (news,) = (s.message for s in world.chat.sent if str(getattr(s.message, "headline", "")).startswith("Not reviewed"))
    assert news.notify == (f"slack:{CHLOE.user}",)
    assert change.glass.by == EVE
