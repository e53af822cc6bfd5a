"""The stage of a promotion that names none, or names an environment with regions; and a rollback of all regions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.commands import Promote, Rollback
from bot.usecases.planning import Planner
from tests.usecases.chain_rig import EU, STAGING, US, chain_rig, move, plan, rows


@pytest.mark.parametrize(
    ("pinned", "asked", "title", "why"),
    [
        ((), None, "fraud 40→42, staging", "staging is the first stage."),
        ((STAGING,), None, "fraud 40→42, production-us", "production-us is the next stage after staging."),
        ((STAGING, US), None, "fraud 40→42, production-eu", "production-eu is the next stage after production-us."),
        ((US,), None, "fraud 40→42, production-eu", "production-eu is the next stage after production-us."),
        ((), "production", "fraud 40→42, production-us", "production-us is the first stage."),
        ((), "prod", "fraud 40→42, production-us", "production-us is the first stage."),
        ((US,), "production", "fraud 40→42, production-eu", "production-eu is the next stage after production-us."),
        ((), "prod-eu", "fraud 40→42, production-eu", ""),
        ((), "staging", "fraud 40→42, staging", ""),
    ],
)
def test_the_stage_of_a_promotion(pinned: tuple[str, ...], asked: str | None, title: str, why: str) -> None:
    rig = chain_rig()
    for path in pinned:
        move(rig, path, "42")
    told = plan(rig, asked)
    assert told.title == f"Would propose: {title}"
    assert told.message.endswith(why)
    outcome = Planner(rig.checkout, None, rig.clock, {}).promote("fraud", "v42", asked)
    assert outcome.message == f"Would propose: {title}. {why}".strip()


@pytest.mark.parametrize("asked", [None, "production"])
def test_the_last_stage_has_it(asked: str | None) -> None:
    rig = chain_rig()
    for path in (US, EU):
        move(rig, path, "42")
    rig.ask(Promote, model="fraud", version="42", environment=asked)
    told = rig.whispered()
    assert isinstance(told, Refusal)
    assert (told.reason, "that is the last stage" in told.message) == ("already_deployed", True)
    assert Planner(rig.checkout, rig.registry, rig.clock, {}).promote("fraud", "42", asked).reason == "already_deployed"


@pytest.mark.parametrize("model", ["frod", "nothing"])
def test_a_model_that_is_not_declared(model: str) -> None:
    rig = chain_rig()
    rig.ask(Promote, model=model, version="42", environment=None)
    told = rig.whispered()
    assert isinstance(told, Refusal)
    assert told.reason == "unknown_model"


def test_a_model_with_one_target_goes_there() -> None:
    rig = chain_rig()
    rig.registry.add("solo")
    rig.ask(Promote, model="solo", version="2", environment=None)
    told = rig.whispered()
    assert isinstance(told, Receipt)
    assert told.text == "Proposed: solo 1→2, staging (#1). staging is the first stage."


def test_a_rollback_of_all_regions_is_one_each() -> None:
    rig = chain_rig()
    for path in (US, EU):
        move(rig, path, "42")
    row = rig.ask(Rollback, model="fraud", environment="prod", reason="broken")
    rig.dispatcher(replace(row, attempt=2))
    found = rows(rig, Rollback)
    assert [found_row.key for found_row in found] == ["k1:production-us", "k1:production-eu"]
    for one in found:
        rig.dispatcher(one)
    opened = [(c.intent.environment, c.intent.frm, c.intent.to, c.reason) for c in rig.changes.all_open()]
    assert opened == [("production-us", "42", "40", "broken"), ("production-eu", "42", "40", "broken")]


def test_regions_that_differ_are_named_one_by_one() -> None:
    rig = chain_rig()
    move(rig, US, "42")
    rig.ask(Rollback, model="fraud", environment="production")
    told = rig.whispered()
    assert isinstance(told, Refusal)
    assert told.message.endswith("different versions of fraud: production-us has 42, production-eu has 40.")
    assert told.unblock == "Name one of them: production-us, production-eu."
    assert rows(rig, Rollback) == []


@pytest.mark.parametrize(("model", "reason"), [("solo", "no_target"), ("nothing", "unknown_model")])
def test_a_rollback_of_regions_that_there_are_not(model: str, reason: str) -> None:
    rig = chain_rig()
    rig.ask(Rollback, model=model, environment="production")
    told = rig.whispered()
    assert isinstance(told, Refusal)
    assert told.reason == reason
