"""Pure parts: what stands for the whole of a pull request by hand, which commits nobody judged, what a group holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approvals import Tally
from bot.domain.by_hand import hand_id, manual_intent, meaning, strictest_tally
from bot.domain.change import Change, Edit, Intent, Move, Scalar
from bot.domain.facts import QueueEntry, Status
from bot.domain.groups import chain_of, together
from bot.domain.push_walk import Landed, outside


def move(model: str = "fraud", to: str = "42", line: int = 1, environment: str = "production") -> Move:
    edit = Edit(f"{model}.yaml", "uri", Scalar("str", "40"), Scalar("str", to), line)
    return Move(model, environment, "40", to, (edit,))


def digest(*moves: Move) -> str:
    return manual_intent(moves).digest


def test_the_digest_covers_every_value_and_no_line() -> None:
    whole = digest(move("ltv", "9"), move())
    assert whole == digest(move("ltv", "9", line=7), move(line=3))
    assert whole != digest(move())
    assert whole != digest(move("ltv", "8"), move())
    assert manual_intent([move("ltv", "9"), move()]).model == "fraud"


def test_meaning_leaves_lines_and_problems_out() -> None:
    assert meaning([replace(move(line=9), problem="stale")]) == meaning([move()])
    assert meaning([move(to="43")]) != meaning([move()])


@given(st.integers(1, 2**31 - 1))
def test_an_id_fits_its_column(number: int) -> None:
    assert len(hand_id(number)) == 26


@pytest.mark.parametrize(
    ("tallies", "approvals", "required", "complete"),
    [
        ([Tally(1, 1, (), ())], 1, 1, True),
        ([Tally(1, 1, (), ()), Tally(0, 2, (), ())], 0, 2, False),
        ([Tally(2, 2, (), ()), Tally(0, 0, (), ())], 2, 2, True),
        ([Tally(1, 1, (), ()), Tally(1, 1, ("kim",), ())], 1, 1, False),
    ],
)
def test_the_tally_furthest_from_complete(tallies: list[Tally], approvals: int, required: int, complete: bool) -> None:
    found = strictest_tally(tallies)
    assert (found.approvals, found.required, found.complete) == (approvals, required, complete)


@given(st.lists(st.booleans(), max_size=12))
def test_stretches_hold_just_what_no_change_accounts_for(ours: list[bool]) -> None:
    change = Change("01A", Intent(*_INTENT), (), None, 0.0, "b", "x")
    landed = [Landed(str(n), str(n - 1), "kim", (move(),), change if mine else None) for n, mine in enumerate(ours)]
    told = [n for one in outside(landed) for n in range(int(one.first.commit), int(one.last.commit) + 1)]
    assert told == [n for n, mine in enumerate(ours) if not mine]


_INTENT = (manual_intent([move()]).action, "fraud", "production", "40", "42", None, ())

ONE, TWO = QueueEntry(1, "h1", 1, group="g1", base="main"), QueueEntry(2, "h2", 2, group="g2", base="g1")


@pytest.mark.parametrize(
    ("entries", "sha", "numbers"),
    [
        ((ONE, TWO), "g2", [1, 2]),
        ((ONE, TWO), "g1", [1]),
        ((TWO,), "g2", []),
        ((ONE, TWO), "other", []),
        ((replace(ONE, base="g2"), TWO), "g2", []),
        ((replace(ONE, base=None), TWO), "g2", []),
    ],
)
def test_a_chain_is_known_down_to_the_branch_or_not_at_all(
    entries: tuple[QueueEntry, ...], sha: str, numbers: list[int]
) -> None:
    assert [entry.number for entry in chain_of(entries, sha, "main")] == numbers


def test_the_worst_of_a_group_is_named() -> None:
    good = (Status("slackops/gates", "success", "fine"), Status("slackops/approvals", "success", "2 of 2"))
    bad = (good[0], Status("slackops/approvals", "pending", "0 of 1 approvals"))
    gates, approvals = together([(ONE, good), (TWO, bad)])
    assert (gates.state, gates.description) == ("success", "All is in place for #1, #2")
    assert (approvals.state, approvals.description) == ("pending", "#2: 0 of 1 approvals")
