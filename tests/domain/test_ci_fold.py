"""Which results of CI are news, as a fold: whatever comes, in whatever order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ci import CiRun, CiState
from bot.domain.ci_branch import CiBranch, CiNews, Snooze
from bot.domain.ci_fold import MOST_ALERTS, MOST_GATES, Look, flapping, fold

LINE = tuple(letter * 40 for letter in "abcd")
EMPTY = CiBranch("acme/x", "main")
FAIL, GOOD = CiState.FAILURE, CiState.SUCCESS


def look(commit: int, *results: tuple[str, CiState], at: float = 1.0, now: float = 100.0, head: bool = False) -> Look:
    runs = tuple(CiRun(gate, state, at) for gate, state in results)
    return Look(LINE[commit], runs, None if head else frozenset(LINE[:commit]), {}, now)


def folded(*looks: Look, start: CiBranch = EMPTY) -> CiBranch:
    for one in looks:
        start = fold(start, one)
    return start


@pytest.mark.parametrize(
    ("looks", "cards"),
    [
        ([look(0, ("unit", GOOD))], []),
        ([look(0, ("unit", FAIL))], [0]),
        ([look(0, ("unit", GOOD)), look(1, ("unit", FAIL))], [1]),
        ([look(0, ("unit", FAIL)), look(1, ("unit", FAIL))], [0]),
        ([look(0, ("unit", FAIL)), look(1, ("unit", GOOD)), look(2, ("unit", FAIL))], [0, 2]),
        ([look(1, ("unit", GOOD)), look(0, ("unit", FAIL))], []),
        ([look(1, ("lint", FAIL)), look(0, ("unit", FAIL))], [1, 0]),
        ([look(0, ("unit", CiState.PENDING), ("lint", CiState.SKIPPED))], []),
    ],
    ids=[
        "green",
        "red at first",
        "red after green",
        "red still",
        "red again",
        "late red",
        "late red of another gate",
        "nothing said",
    ],
)
def test_cards(looks: list[Look], cards: list[int]) -> None:
    assert sorted(folded(*looks).alerts) == sorted(LINE[card] for card in cards)


def test_a_late_green_tells_who_is_not_to_blame() -> None:
    found = folded(look(2, ("unit", FAIL)), look(1, ("unit", GOOD)), look(0, ("unit", GOOD)))
    assert (found.gates["unit"].green, found.gates["unit"].sha, found.news) == (LINE[1], LINE[2], ())


def test_a_rebased_branch_begins_anew_at_its_head() -> None:
    strange = Look("e" * 40, (CiRun("unit", GOOD, 5.0),), None, {}, 200.0)
    found = folded(look(2, ("unit", FAIL)), strange)
    assert found.news == (CiNews(LINE[2], "back", ("unit",), "e" * 40, 5.0),)


RESULTS = st.tuples(st.sampled_from(["unit", "lint", "e2e"]), st.sampled_from(list(CiState)))
LOOKS = st.builds(
    lambda commit, results, at, now: look(commit, *dict(results).items(), at=at, now=now),
    st.integers(0, 3),
    st.lists(RESULTS, max_size=3),
    st.floats(0, 50),
    st.floats(100, 20_000),
)


@given(st.lists(LOOKS, max_size=12))
def test_a_second_look_at_the_same_changes_nothing(looks: list[Look]) -> None:
    branch = EMPTY
    for one in looks:
        branch = fold(branch, one).settled()
        assert fold(branch, one) is branch


@given(st.lists(LOOKS, max_size=20))
def test_every_failing_gate_stands_on_one_card_and_the_cards_say_what_is_so(looks: list[Look]) -> None:
    branch = folded(*looks)
    for gate in branch.gates.values():
        shown = [
            card.sha for card in branch.alerts.values() for one in card.gates if one.gate == gate.gate and one.failing
        ]
        assert shown == ([gate.card] if gate.failing else [])
    assert set(branch.dirty) <= set(branch.alerts)
    assert set(branch.fresh) <= set(branch.dirty)


@given(st.permutations([look(n, ("unit", GOOD), at=float(n)) for n in range(4)]))
def test_green_commits_in_any_order_are_silent(looks: list[Look]) -> None:
    branch = folded(*looks)
    assert (branch.alerts, branch.news) == ({}, ())
    assert branch.gates["unit"].sha == LINE[3]


def test_a_snooze_that_is_over_goes() -> None:
    branch = replace(folded(look(0, ("unit", GOOD))), snoozes={"unit": Snooze(150.0, "slack:T/U")})
    assert fold(branch, look(0, ("unit", GOOD), now=149.0)).snoozes
    assert not fold(branch, look(0, ("unit", GOOD), now=150.0)).snoozes


@pytest.mark.parametrize(("flips", "often"), [((1.0, 2.0, 3.0), False), ((1.0, 2.0, 3.0, 4.0), True), ((), False)])
def test_flapping(flips: tuple[float, ...], often: bool) -> None:
    assert flapping(flips, 10.0) is often
    assert not flapping(flips, 10_000.0)


def test_what_is_remembered_is_bounded() -> None:
    many = tuple(CiRun(f"gate {number}", FAIL, 1.0) for number in range(MOST_GATES + 10))
    assert len(fold(EMPTY, Look(LINE[0], many, None, {}, 1.0)).gates) == MOST_GATES
    branch = EMPTY
    for number in range(MOST_ALERTS + 10):
        for state in (FAIL, GOOD):
            run = (CiRun("unit", state, number * 10_000.0 + (state is GOOD)),)
            branch = fold(branch, Look(f"{number:040d}", run, None, {}, number * 10_000.0))
    assert len(branch.alerts) == MOST_ALERTS


def test_names_of_one_use_make_room_for_a_gate_that_fails() -> None:
    """What passed long ago is forgotten before what fails, and never what stands on this commit."""
    once = [look(0, (f"deploy {at}", FAIL if at == 0 else GOOD), at=float(at)) for at in range(MOST_GATES)]
    full = folded(*once)
    assert len(full.gates) == MOST_GATES
    now = look(1, ("unit", FAIL), ("new and green", GOOD), at=1000.0, head=True)
    after = fold(full, now)
    assert set(full.gates) - set(after.gates) == {"deploy 1"}
    assert LINE[1] in after.alerts
    assert fold(after, now) is after


def test_more_gates_than_are_remembered_are_not_told_again_at_each_look() -> None:
    many = look(0, *((f"gate {at}", FAIL) for at in range(MOST_GATES + 5)), head=True)
    once = fold(EMPTY, many)
    assert fold(once.settled(), many).news == ()
    assert fold(once.settled(), many).dirty == ()
