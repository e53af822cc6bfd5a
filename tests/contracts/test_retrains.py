"""The contract of what is remembered of retrainings: the fake and the databases answer alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.store_sql import SqlRetrains
from bot.domain.people import Person
from bot.domain.retraining import Retraining, RetrainRule, RetrainState
from bot.ports import Retrains
from tests.fakes.retrains import FakeRetrains
from tests.support.store import BACKENDS, open_database

RULE = RetrainRule("airflow", {"url": "https://a", "dag": "d"}, {"lr": 0.1, "n": 3, "deep": True, "why": "1"}, "S")


@pytest.fixture(params=["fake", *BACKENDS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Retrains]:
    if request.param == "fake":
        yield FakeRetrains()
        return
    database = open_database(request.param, request, tmp_path)
    yield SqlRetrains(database)
    database.close()


def one(ident: str = "01A", asked: float = 1.0, **more: Any) -> Retraining:
    known: dict[str, Any] = {"model": "fraud", "environment": "production", "state": RetrainState.ASKED, "reason": None}
    return Retraining(id=ident, by=Person(team="T1", user="U1"), asked=asked, **(known | more))


def test_comes_back_as_it_was(store: Retrains) -> None:
    whole = one(rule=RetrainRule(**{**RULE.__dict__, "roles": frozenset({"slack:U1"})}), also=("a", "b"), tried=2.5)
    assert store.get("01A") is None
    store.save(whole)
    found = store.get("01A")
    assert found == whole
    assert found is not None and found.rule is not None
    assert [type(value) for value in found.rule.inputs.values()] == [float, int, bool, str]
    store.save(whole.model_copy(update={"state": RetrainState.RUNNING}))
    assert [each.state for each in store.of("fraud")] == [RetrainState.RUNNING]


def test_the_newest_first(store: Retrains) -> None:
    for each in (one("01B", 2.0), one("01A", 1.0), one("01C", 2.0), one("01D", 9.0, environment="staging")):
        store.save(each)
    assert [each.id for each in store.of("fraud", "production")] == ["01C", "01B", "01A"]
    assert [each.id for each in store.of("fraud")] == ["01D", "01C", "01B", "01A"]
    assert store.of("churn") == []


def test_a_hundred_at_most(store: Retrains) -> None:
    for number in range(101):
        store.save(one(f"01{number:03d}", float(number)))
    assert [each.asked for each in store.of("fraud")] == [float(n) for n in range(100, 0, -1)]


def test_those_that_are_not_settled(store: Retrains) -> None:
    ended = one("01B", 0.5, state=RetrainState.SUCCEEDED)
    for each in (one("01A", 1.0), ended, one("01C", 0.1, settled=True)):
        store.save(each)
    assert [each.id for each in store.running()] == ["01B", "01A"]
    store.save(ended.model_copy(update={"settled": True}))
    assert [each.id for each in store.running()] == ["01A"]


def test_which_one_a_version_came_of(store: Retrains) -> None:
    for each in (one("01A", 1.0, version="7"), one("01B", 2.0, version="7"), one("01C", 3.0, model="ltv", version="7")):
        store.save(each)
    found = store.by_version("fraud", "7")
    assert found is not None and found.id == "01B"
    assert store.by_version("fraud", "8") is None


def test_changed_with_nobody_in_between(store: Retrains) -> None:
    store.save(one())
    seen = store.change("01A", lambda row: row.model_copy(update={"version": "7", "settled": True}))
    assert seen == store.get("01A") == one(version="7", settled=True)
    assert (store.running(), store.by_version("fraud", "7")) == ([], seen)
    assert store.change("01A", lambda row: row) == seen
    assert store.change("01B", lambda row: row) is None
