"""The tag gate as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateState
from bot.domain.policy import TagGate
from tests.domain.gating.given import F, P, U, facts, holds, judged, version


def gate(*values: str, mode: str = "block") -> TagGate:
    return TagGate("validation", "validation_status", values, mode, "propose")  # type: ignore[arg-type]


def tagged(value: str) -> ModelVersion:
    return version(tags={"validation_status": value})


@pytest.mark.parametrize(
    ("one", "candidate", "state", "words"),
    [
        pytest.param(gate("passed"), tagged("passed"), P, "passed", id="equals"),
        pytest.param(gate("passed"), tagged("failed"), F, "failed", id="another value"),
        pytest.param(gate("passed"), tagged("Passed"), F, "Passed", id="another case"),
        pytest.param(gate("passed"), tagged(" passed"), F, "passed", id="a space before it"),
        pytest.param(gate("a", "b"), tagged("b"), P, "b", id="one of"),
        pytest.param(gate("a", "b"), tagged("c"), F, "c", id="none of"),
        pytest.param(gate(), tagged("whatever"), P, "whatever", id="any value"),
        pytest.param(gate(), tagged(" "), F, "an empty tag", id="empty is no value"),
        pytest.param(gate(""), tagged(""), P, "an empty tag", id="empty, where that is asked for"),
        pytest.param(gate("passed"), version(), F, "no tag validation_status", id="not there"),
        pytest.param(gate(), version(tags={"other": "x"}), F, "no tag", id="another tag"),
        pytest.param(gate("passed"), None, U, "the registry does not tell", id="silent registry"),
        pytest.param(gate("passed", mode="warn"), tagged("no"), F, "no", id="only warns"),
        pytest.param(gate("p"), tagged("x\n" * 500), F, "x x x", id="long, and of many lines"),
    ],
)
def test_tag(one: TagGate, candidate: ModelVersion | None, state: GateState, words: str) -> None:
    holds(one, facts(candidate), state, words)


def test_what_is_required() -> None:
    said = [judged(gate(*values), facts()).required for values in [(), ("a",), ("a", "b"), tuple("abcde")]]
    assert said == [
        f"validation_status {end}" for end in ("with any value", "= a", "= a or b", "= a or b or c or 2 more")
    ]


@given(st.text(), st.lists(st.text(), min_size=1))
def test_a_value_passes_when_it_is_named(value: str, named: list[str]) -> None:
    assert (judged(gate(*named), facts(tagged(value))).state is P) == (value in named)
