"""What came in, out of records and out of Git."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from bot.domain.arrivals import asked_at, of_history, of_records
from bot.domain.change import Action, Change, ChangeState, Intent, Rung
from bot.domain.delivery import DAY, Arrival
from bot.domain.past import Past

T = 1_800_000_000.0
ID = str(ULID.from_timestamp(T - 100))


def change(id_: str = "c1", action: Action = Action.PROMOTE, merged: float | None = T, **more: Any) -> Change:
    intent = Intent(action, "churn", "production", "1", "2", None, ())
    asked = (merged or T) - 100
    made = Change(id_, intent, (), None, asked, "b" * 40, "branch", ChangeState.MERGED, merged_at=merged)
    return replace(made, **{"merge_commit": f"commit-{id_}", **more})


@pytest.mark.parametrize(
    ("one", "arrival"),
    [
        (change(), Arrival(T, asked_at=T - 100, live_at=T)),
        (change(outcome="silent"), Arrival(T, asked_at=T - 100, live_at=T)),
        (change(state=ChangeState.WATCHING), Arrival(T, asked_at=T - 100)),
        (change(outcome="stalled"), Arrival(T, asked_at=T - 100)),
        (change(outcome="replaced"), Arrival(T, asked_at=T - 100)),
        (change(outcome="healthy", healthy_at=T + 9), Arrival(T, asked_at=T - 100, live_at=T + 9)),
        (
            change(state=ChangeState.WATCHING, healthy_at=T + 9),
            Arrival(T, asked_at=T - 100, live_at=T + 9),
        ),
        (
            change(state=ChangeState.WATCHING, healthy_at=T + 9, degraded_at=T + 20),
            Arrival(T, asked_at=T - 100, live_at=T + 9, bad_at=T + 20),
        ),
        (
            change(outcome="healthy", healthy_at=T + 9, degraded_at=T + 20),
            Arrival(T, asked_at=T - 100, live_at=T + 9, bad_at=T + 20, healed=True),
        ),
        (change(outcome="failed"), Arrival(T, asked_at=T - 100, bad_at=T)),
        (change(action=Action.ROLLBACK), Arrival(T, back=True, asked_at=T - 100, live_at=T)),
        (change(action=Action.MANUAL), Arrival(T, outside=True, live_at=T)),
        (change(action=Action.UNPIN), Arrival(T, asked_at=T - 100, live_at=T)),
    ],
    ids=[f"record-{n}" for n in range(13)],
)
def test_a_record(one: Change, arrival: Arrival) -> None:
    assert of_records([one]) == [arrival]


def test_a_record_from_before_merges_were_timed_is_left_out() -> None:
    assert of_records([change(merged=None)]) == []


def rung(index: int, percent: int, action: Action = Action.STEP, **more: Any) -> Change:
    place = Rung("r0", "kserve-serverless", (10, 100), index, percent)
    return change(f"r{index}", action, T + index * 1000, rung=place, **more)


def test_a_ladder_is_one_arrival_and_live_when_all_of_the_traffic_is() -> None:
    first, last = rung(0, 10, Action.PROMOTE, healthy_at=T + 5), rung(1, 100, healthy_at=T + 1005)
    assert of_records([last, first]) == [Arrival(T, asked_at=T - 100, live_at=T + 1005)]
    assert of_records([first]) == [Arrival(T, asked_at=T - 100)]


def test_the_idle_side_of_blue_and_green_is_not_live() -> None:
    first = rung(0, 0, Action.PROMOTE, healthy_at=T + 5)
    assert of_records([first]) == [Arrival(T, asked_at=T - 100)]
    assert of_records([first, rung(1, 100)]) == [Arrival(T, asked_at=T - 100, live_at=T + 1000)]


def test_an_aborted_ladder_is_taken_back_by_its_abort() -> None:
    first, abort = rung(0, 10, Action.PROMOTE, degraded_at=T + 5), rung(1, 0, healthy_at=T + 1005)
    assert of_records([first, abort]) == [
        Arrival(T, asked_at=T - 100, bad_at=T + 5),
        Arrival(T + 1000, back=True, asked_at=T + 900, live_at=T + 1005),
    ]


def entry(version: str | None, time: float, commit: str = "", **more: Any) -> Past:
    return Past(commit or f"commit-at-{time}", time, version, **more)


def read(history: list[Past], known: dict[str, Change] | None = None, most: int = 100, now: float = T) -> list[Arrival]:
    return list(of_history(history, "production", known or {}, now, T - 28 * DAY, most))


def by_hand(at: float) -> Arrival:
    return Arrival(at, outside=True, live_at=at)


def test_commits_by_hand_count_where_the_version_changes() -> None:
    history = [entry("3", T - 1), entry("2", T - 10), entry(None, T - 15), entry("2", T - 20), entry("1", T - 30)]
    assert read(history) == [by_hand(T - 1), by_hand(T - 20), by_hand(T - 30)]
    assert read(history, most=5) == [by_hand(T - 1), by_hand(T - 20)]  # what was before the oldest read is not known
    assert read([]) == []


def test_without_records_git_tells_promotions_from_rollbacks_and_when_they_were_asked_for() -> None:
    history = [
        entry("1", T, action="rollback", change=ID),
        entry("2", T - 50, action="promote", change=ID),
        entry("1", T - 80, action="manual", change=ID),
        entry("0", T - 90, action="promote", change="lost"),
    ]
    assert read(history) == [
        Arrival(T, back=True, asked_at=T - 100, live_at=T),
        Arrival(T - 50, asked_at=T - 100, live_at=T - 50),
        by_hand(T - 80),
        Arrival(T - 90, live_at=T - 90),
    ]


def test_what_a_record_tells_git_need_not() -> None:
    history = [entry("2", T, "commit-c1"), entry("1", T - 50, change="c0")]
    known = {"commit-c1": change("c1"), "c0": change("c0")}
    assert read(history, known) == []


def test_the_record_of_an_environment_that_shares_the_value_tells_when_it_was_asked_for() -> None:
    other = change("c1", healthy_at=T + 5)
    other = replace(other, intent=replace(other.intent, environment="staging"))
    assert read([entry("2", T, "commit-c1")], {"commit-c1": other}) == [Arrival(T, asked_at=T - 100, live_at=T)]


def test_a_record_without_the_time_of_its_merge_gets_it_from_git() -> None:
    known = {"c1": change("c1", merged=None, created_at=T - 70)}
    assert read([entry("2", T - 5, change="c1")], known) == [Arrival(T - 5, asked_at=T - 70, live_at=T - 5)]


@pytest.mark.parametrize(("wrong", "at"), [(T - 900 * DAY, T - 30), (T + 900 * DAY, T - 10)], ids=["old", "future"])
def test_one_wrong_clock_moves_nobody_else(wrong: float, at: float) -> None:
    history = [entry("3", T - 10), entry("2", wrong), entry("1", T - 30)]
    assert read(history) == [by_hand(T - 10), by_hand(at), by_hand(T - 30)]


def test_a_commit_from_the_future_came_in_now() -> None:
    assert read([entry("2", T + DAY), entry("1", T - 30)])[0] == by_hand(T)


def test_history_is_read_hardly_further_than_the_period() -> None:
    seen = []

    def endless() -> Any:
        for n in range(10_000):
            seen.append(n)
            yield entry(str(n), T - n * DAY)

    found = list(of_history(endless(), "production", {}, T, T - 28 * DAY, 1_000))
    assert len([one for one in found if one.at >= T - 28 * DAY]) == 29
    assert len(seen) < 35


@pytest.mark.parametrize(
    ("id_", "at", "asked"),
    [
        (ID, T, T - 100),
        (ID, T - 200, T - 100),
        (ID, T + 200 * DAY, None),
        (ID, T - 5 * DAY, None),
        (None, T, None),
        ("", T, None),
        ("0" * 26, T, None),
        ("Z" * 26, T, None),
        ("ä" * 26, T, None),
        ("not an id", T, None),
    ],
    ids=[f"id-{n}" for n in range(10)],
)
def test_a_change_id_begins_with_its_time(id_: str | None, at: float, asked: float | None) -> None:
    assert asked_at(id_, at) == asked


@given(st.text(max_size=30) | st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26))
def test_any_id_gives_a_likely_time_or_none(id_: str) -> None:
    found = asked_at(id_, T)
    assert found is None or T - 90 * DAY <= found <= T + DAY
