"""What an open incident means for a promotion, as tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.change import Action, Intent
from bot.domain.gates import GateState
from bot.domain.gating import OpenIncident, judge
from bot.domain.gating.promotions import NAME, brings_in, gates_under, rules_under
from bot.domain.policy import IncidentGate, parse_policy
from tests.domain.gating.given import NOW, facts

DRIFT, SERVICE, HEALTH = (OpenIncident(kind, f"{kind}!", NOW - 60) for kind in ("drift", "service", "health"))


def written(kind: str, mode: Any, name: str = "no drift") -> IncidentGate:
    return IncidentGate(name, kind, mode, "merge")


@pytest.mark.parametrize(
    ("promotions", "gates", "kinds", "mode", "about"),
    [
        ("warn", (), {"drift"}, "warn", ("drift",)),
        ("warn", (), {"service", "drift", "health"}, "warn", ("drift", "service")),
        ("block", (), {"drift"}, "block", ("drift",)),
        ("quorum", (), {"drift"}, "warn", ("drift",)),
        ("ignore", (), {"drift"}, None, ()),
        ("warn", (), set(), None, ()),
        ("warn", (), {"health"}, None, ()),
        ("warn", (written("drift", "warn"),), {"drift"}, None, ()),
        ("warn", (written("drift", "block"),), {"drift", "service"}, "warn", ("service",)),
        ("block", (written("drift", "warn"),), {"drift"}, "block", ("drift",)),
        ("block", (written("any", "block"),), {"drift", "service"}, None, ()),
        ("quorum", (written("any", "block"),), {"drift"}, "warn", ("drift",)),
    ],
)
def test_the_gate_that_nobody_wrote(
    promotions: Any, gates: tuple[IncidentGate, ...], kinds: set[str], mode: str | None, about: tuple[str, ...]
) -> None:
    found = gates_under(promotions, gates, kinds)
    assert found[: len(gates)] == gates
    more = found[len(gates) :]
    assert [(one.mode, one.kinds) for one in more if isinstance(one, IncidentGate)] == ([(mode, about)] if mode else [])


def test_its_name_is_its_own() -> None:
    assert gates_under("warn", (), {"drift"})[0].name == NAME
    names = [one.name for one in gates_under("block", (written("drift", "warn", NAME),), {"drift"})]
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    ("promotions", "holds", "required"),
    [("warn", False, "no incident open"), ("block", True, "no incident open"),
     ("quorum", False, "no incident open, else 1 more approval")],
)  # fmt: skip
def test_it_is_judged_by_the_kinds_that_monitors_tell_of(promotions: Any, holds: bool, required: str) -> None:
    gates = gates_under(promotions, (), {"drift"})
    (result,) = judge(gates, facts(incidents=(HEALTH, SERVICE, DRIFT)))
    assert (result.state, result.holds_up, result.required) == (GateState.FAIL, holds, required)
    assert "drift!" in result.observed
    (calm,) = judge(gates, facts(incidents=(HEALTH,)))
    assert calm.state is GateState.PASS


@pytest.mark.parametrize(
    ("approvals", "promotions", "kinds", "required"),
    [
        ("{required: 1}", "quorum", {"drift"}, 2),
        ("{required: 0}", "quorum", {"drift"}, 1),
        ("{required: 1}", "quorum", {"health"}, 1),
        ("{required: 1}", "quorum", set(), 1),
        ("{required: 1}", "warn", {"drift"}, 1),
        ("{required: 1}", "block", {"drift"}, 1),
        ("{required: 0, rule: {from: ['slack:@a'], at_least: 2}}", "quorum", {"drift"}, 3),
    ],
)
def test_one_more_approval(approvals: str, promotions: Any, kinds: set[str], required: int) -> None:
    text = f"version: 1\nenvironments: {{production: {{approvals: {approvals}}}}}\n"
    stage = parse_policy({".slackops.yaml": text.encode()}).environment("production")
    assert rules_under(promotions, stage, kinds).approvals.required == required


@pytest.mark.parametrize(
    ("action", "percent", "does"),
    [
        (Action.PROMOTE, None, True),
        (Action.PROMOTE, 0, True),
        (Action.STEP, 50, True),
        (Action.STEP, 0, False),
        (Action.UNPIN, None, True),
        (Action.MANUAL, None, True),
        (Action.ROLLBACK, None, False),
    ],
)
def test_what_brings_a_version_in(action: Action, percent: int | None, *, does: bool) -> None:
    intent = Intent(action, "fraud", "production", "41", "42", None, ())
    assert brings_in(replace(intent, percent=percent)) is does
