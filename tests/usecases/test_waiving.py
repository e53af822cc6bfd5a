"""`/slackops waive`, the form, and `/promote … --waive`: who may, what it does, and what a second run changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cards import Refusal
from bot.domain.change import Change
from bot.domain.commands import FillForm, Freeze, Reconcile, Rollback, WaiveGate
from bot.domain.forms import FormFault, WaiveForm
from bot.domain.people import Person
from bot.domain.policy import parse_policy
from bot.usecases.waiving_roles import may_waive
from tests.attacks.deeds import approves_there, asked, clicks, looked_at, merged, status, written
from tests.fakes.chat import View
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, Rules
from tests.usecases.trust_machine_world import ANA, BEN, CHLOE, DAN, EVE, World

GATE = "roc_auc"
RULES = Rules(threshold=0.9, waive=("slack:U0BEN", "slack:U0ANA", "slack:U0EVE"))
BAD = "5"
"""A version that the gate does not let pass."""


@pytest.fixture
def world() -> World:
    made = World()
    made.push_policy(RULES)
    return made


def waive(world: World, by: Person, change: Change, /, **more: Any) -> None:
    fields = {"change": change.id, "gate": GATE, "reason": "the drift is known", "digest": change.intent.digest}
    world.by(by, WaiveGate, **(fields | more))
    world.work()


def said(world: World, by: Person) -> str:
    """The reason code of what this person was told last; empty where it is no refusal."""
    last = [one.message for one in world.chat.whispers if one.person == by][-1]
    return last.reason if isinstance(last, Refusal) else ""


def again(world: World, change: Change) -> Change:
    found = world.changes.get(change.id)
    assert found is not None
    return found


def test_blocked_refused_waived_approved_merged(world: World) -> None:
    change = asked(world, version=BAD)
    number = change.number or 0
    assert status(world, number, "slackops/gates") == "failure"
    waive(world, ANA, change)
    assert said(world, ANA) == "own_change"
    waive(world, BEN, change)
    assert said(world, BEN) == ""
    assert status(world, number, "slackops/gates") == "success"
    clicks(world, BEN, again(world, change))
    assert merged(world)
    commit = world.forge._pulls[number].merge_commit
    assert f"SlackOps-Waived: {GATE}" in world.checkout.message(commit or "")
    (row,) = written(world, "waived")
    assert (row.by, row.why, row.login) == (str(BEN), "the drift is known", "ben")
    assert row.evidence["gate"] == GATE
    assert row.evidence["required"] == "at least 0.9"
    (shown,) = written(world, "shown")
    assert shown.evidence["gates"][0]["waived"]["reason"] == "the drift is known"
    assert written(world, "merged")[0].evidence["gates"][0]["waived"]["by"] == str(BEN)


def test_by_number_and_a_second_click_changes_nothing(world: World) -> None:
    change = asked(world, version=BAD)
    waive(world, BEN, change, change=f"#{change.number}", digest="")
    waive(world, EVE, change)
    assert said(world, EVE) == "already_decided"
    assert len(again(world, change).waivers) == 1
    assert len(written(world, "waived")) == 1


def test_the_same_row_run_twice(world: World) -> None:
    change = asked(world, version=BAD)
    for _ in range(2):
        world.count = 1000  # the same row
        world.at_once(BEN, WaiveGate, change=change.id, gate=GATE, reason="known", digest=change.intent.digest)
    world.work()
    assert len(again(world, change).waivers) == 1
    assert len(written(world, "waived")) == 1


@pytest.mark.parametrize(
    ("by", "more", "code"),
    [
        pytest.param(CHLOE, {}, "not_allowed", id="not-in-the-role"),
        pytest.param(DAN, {}, "not_allowed", id="an-outsider"),
        pytest.param(BEN, {"gate": "nothing"}, "unknown_gate", id="a-forged-gate"),
        pytest.param(BEN, {"reason": "  "}, "bad_usage", id="no-reason"),
        pytest.param(BEN, {"reason": None}, "bad_usage", id="none-at-all"),
        pytest.param(BEN, {"digest": "0" * 64}, "change_moved", id="the-digest-of-yesterday"),
        pytest.param(BEN, {"change": "#99"}, "unknown_change", id="no-such-change"),
        pytest.param(BEN, {"change": "01J00000000000000000000000"}, "unknown_change", id="a-forged-change"),
        pytest.param(BEN, {"withdraw": True}, "not_waived", id="nothing-to-withdraw"),
        pytest.param(ANA, {}, "own_change", id="who-asked"),
    ],
)
def test_refused(world: World, by: Person, more: dict[str, Any], code: str) -> None:
    change = asked(world, version=BAD)
    waive(world, by, change, **more)
    assert said(world, by) == code
    assert again(world, change).waivers == ()
    assert written(world, "waived") == []


def test_where_nobody_is_in_the_role_nobody_may(world: World) -> None:
    world.push_policy(replace(RULES, waive=None))
    change = asked(world, version=BAD)
    waive(world, BEN, change)
    assert said(world, BEN) == "not_allowed"


def test_a_gate_that_passes_needs_none(world: World) -> None:
    change = asked(world, version="4")
    waive(world, BEN, change)
    assert said(world, BEN) == "not_waivable"


def test_a_freeze_is_lifted_not_waived(world: World) -> None:
    world.by(BEN, Freeze, environment=ENVIRONMENT, reason="fair")
    world.work()
    change = asked(world, version=BAD)
    waive(world, BEN, change, gate="freeze")
    assert said(world, BEN) == "not_waivable"


def test_a_rollback_to_the_version_before_has_nothing_to_waive(world: World) -> None:
    row = world.by(ANA, Rollback, model=MODEL, environment=ENVIRONMENT)
    world.work()
    change = world.changes.get(row)
    assert change is not None
    waive(world, BEN, change)
    assert said(world, BEN) == "not_waivable"


def test_where_nobody_must_approve_whoever_asked_may(world: World) -> None:
    world.push_policy(replace(RULES, required=0))
    change = asked(world, version=BAD)
    assert not merged(world)
    waive(world, ANA, change)
    assert merged(world)


def test_whoever_gave_it_or_the_role_takes_it_back_and_nobody_else(world: World) -> None:
    change = asked(world, version=BAD)
    waive(world, BEN, change)
    waive(world, CHLOE, change, withdraw=True)
    assert said(world, CHLOE) == "not_allowed"
    assert status(world, change.number or 0, "slackops/gates") == "success"
    waive(world, EVE, change, withdraw=True)
    assert status(world, change.number or 0, "slackops/gates") == "failure"
    assert [one.withdrawn_by for one in again(world, change).waivers] == [EVE]
    assert [row.by for row in written(world, "waiver withdrawn")] == [str(EVE)]
    waive(world, EVE, change, withdraw=True)
    assert said(world, EVE) == "not_waived"


def test_approvals_from_before_count_still_and_a_settled_change_stays_as_it_is(world: World) -> None:
    change = asked(world, version=BAD)
    approves_there(world, 3, change)
    assert not merged(world)
    world.push_policy(replace(world.rules, auto=False))
    waive(world, BEN, change)
    looked_at(world, change.number or 0)
    before = (len(world.forge.writes), len(world.chat.sent), len(world.changes.audit.chain))
    world.put(Reconcile(number=change.number or 0))
    world.work()
    assert before == (len(world.forge.writes), len(world.chat.sent), len(world.changes.audit.chain))
    texts = [str(one.message) for one in world.chat.sent]
    assert sum("Your approval still counts" in text for text in texts) == 1


def filled(world: World, by: Person, change: str) -> Any:
    world.chat.views["V1"] = View("h")
    world.by(by, FillForm, form="waive", view_id="V1", change=change)
    world.work()
    return world.chat.views["V1"].form


def test_the_form_offers_what_this_person_may_waive(world: World) -> None:
    change = asked(world, version=BAD)
    form = filled(world, BEN, change.id)
    assert isinstance(form, WaiveForm)
    assert [one.value for one in form.gates] == [GATE]
    assert form.digest == change.intent.digest
    assert isinstance(filled(world, BEN, f"#{change.number}"), WaiveForm)
    for person in (ANA, CHLOE):
        assert isinstance(filled(world, person, change.id), FormFault)
    waive(world, BEN, change)
    assert isinstance(filled(world, BEN, change.id), FormFault)


def test_where_one_of_two_environments_names_nobody_there_is_nobody_to_ask() -> None:
    text = 'environments: {here: {roles: {waive: ["slack:U0BEN"]}}, there: {}}\nmodels: {fraud: {}}'
    policy = parse_policy({".slackops.yaml": text.encode()})
    assert may_waive(policy, ("here",), "fraud") == ("slack:U0BEN",)
    assert may_waive(policy, ("here", "there"), "fraud") == ()
