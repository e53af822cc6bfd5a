"""What was evaluated last: the fake and the databases answer alike."""

from __future__ import annotations

import pytest

from bot.adapters.store_sql import SqlChanges, SqlEvaluations
from bot.domain.change import Action, Change, ChangeState, Intent
from bot.ports import Evaluations
from tests.fakes.evaluations import FakeEvaluations
from tests.support.store import BACKENDS, open_database


@pytest.fixture(params=["fake", *BACKENDS])
def kept(request: pytest.FixtureRequest, tmp_path: object) -> Evaluations:
    if request.param == "fake":
        return FakeEvaluations({"OPEN", "WATCHING", "BY_HAND", "PROPOSING"}.__contains__)
    opened = open_database(request.param, request, request.getfixturevalue("tmp_path"))
    request.addfinalizer(opened.close)
    known = SqlChanges(opened)
    for state in ChangeState:
        intent = Intent(Action.PROMOTE, state.value, "production", "1", "2", None, ())
        known.add(Change(state.name, intent, (), None, 0.0, "b", "branch", state))
    return SqlEvaluations(opened)


def test_the_last_one_is_kept_for_each_change(kept: Evaluations) -> None:
    assert kept.get("01A") is None
    kept.save("01A", 1.5, "{}")
    kept.save("01B", 2.0, '{"ü": "☃"}')
    assert (kept.get("01A"), kept.get("01B")) == ((1.5, "{}"), (2.0, '{"ü": "☃"}'))
    kept.save("01A", 3.0, "[]")
    assert kept.get("01A") == (3.0, "[]")


def test_the_same_again_leaves_its_time_alone(kept: Evaluations) -> None:
    kept.save("01A", 1.0, "{}")
    kept.save("01A", 9.0, "{}")
    assert kept.get("01A") == (1.0, "{}")


def test_what_is_over_for_long_is_forgotten(kept: Evaluations) -> None:
    names = {state.name for state in ChangeState} | {"UNKNOWN"}
    for name in names:
        kept.save(name, 10.0, "{}")
    assert kept.forget(10.0) == 0
    assert kept.forget(10.5) == 5
    assert {name for name in names if kept.get(name)} == {"OPEN", "WATCHING", "BY_HAND", "PROPOSING"}
