"""A metric that was waived on one step of a ladder: the next step opens, wants a waiver of its own, and never loses its
way out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cards import ThreadEvent
from bot.domain.change import Change, Waiver
from bot.domain.commands import SteerLadder
from bot.domain.gating.rule import rule_of
from bot.domain.signal import Phase
from tests.usecases.ladder_rig import BEN, HALF_HOUR, POLICY, ladder_rig, look, look_at, opened, repo_of, told
from tests.usecases.stop_rig import Rig

GATE = "    gates: [{metric: auc, threshold: 0.9%s}]\n"
ROLES = 'roles: {waive: ["slack:U0BEN"]}\n'


def policy(more: str = "") -> str:
    """The ladder, with a metric that nobody logged."""
    text = POLICY.replace("models:\n", f"{GATE % more}models:\n", 1)
    return text.replace("environments:\n", f"{ROLES}environments:\n", 1)


def waived(rig: Rig, step: Change, **turned: Any) -> Change:
    """The first step was merged with a waiver of that gate."""
    rules = repo_of(rig).policy(rig.checkout.head())
    (gate,) = rules.gates_of("fraud", rules.environment("production"))
    waiver = Waiver("auc", BEN, "it is fine", 0.0, step.intent.digest, "at least 0.9", id="W1", rule=rule_of(gate))
    return rig.changes.update(step.id, lambda c: replace(c, waivers=(replace(waiver, **turned),)))


def cards(rig: Rig) -> str:
    return str([one.message for one in rig.chat.sent])


@pytest.mark.parametrize("at", ["", ", at: propose"])
def test_the_step_after_a_waived_one_opens_and_asks_for_a_waiver_of_its_own(at: str) -> None:
    rig, step = ladder_rig(policy(at))
    waived(rig, step)
    rig.clock.time += HALF_HOUR
    look(rig, step)
    now = opened(rig)
    assert now is not None
    (gate,) = [one for one in look_at(rig, now).gates if one.name == "auc"]
    assert gate.holds_up
    assert gate.waivable
    assert not gate.waived


def test_one_that_was_withdrawn_or_is_of_another_rule_opens_nothing() -> None:
    for turned in ({"withdrawn_by": BEN}, {"rule": "another"}):
        rig, step = ladder_rig(policy())
        waived(rig, step, **turned)
        rig.clock.time += HALF_HOUR
        look(rig, step)
        assert opened(rig) is None


@pytest.mark.parametrize("at", ["", ", at: propose"])
def test_what_waits_for_a_metric_says_so_and_next_opens_it(at: str) -> None:
    rig, step = ladder_rig(policy(at))
    look(rig, step)
    assert "waits for auc" not in cards(rig)
    rig.clock.time += HALF_HOUR
    look(rig, step)
    assert opened(rig) is None
    assert "The next step waits for auc" in cards(rig)
    rig.ask(SteerLadder, "next", change=step.id, do="next")
    look(rig, step)
    assert opened(rig) is not None
    refused = [one for one in rig.told() if isinstance(one, ThreadEvent) and "could not be opened" in one.text]
    assert refused == []


def test_while_the_step_is_not_well_nothing_is_said_of_metrics() -> None:
    rig, step = ladder_rig(policy())
    rig.clock.time += HALF_HOUR
    told(rig, step, Phase.DEGRADED)
    look(rig, step)
    assert "waits for auc" not in cards(rig)
