"""What a details page tells: it survives being kept, it is bounded, and it remembers what became of the gates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.comparison import Changed, Comparison, Elsewhere, MetricDelta
from bot.domain.details import (
    HISTORY,
    ROWS,
    TEXT,
    Details,
    GateShown,
    Pair,
    Transition,
    as_json,
    followed,
    from_json,
    gate_shown,
)
from bot.domain.details_comparison import comparison_shown, left_out
from bot.domain.facts import DatasetInput
from bot.domain.gates import GateResult, GateState

BARE = Details(
    *("01A", 7, "https://forge.test/pull/7", "fraud 40→42, production", "fraud", "production", "40", "42"),
    *("Review", "", "head0", "base0", 0, 2),
)
STATES = st.sampled_from(["pass", "fail", "unknown", "skipped"])
GATES = st.dictionaries(st.sampled_from(["auc", "ci/*", "tag", "ü"]), STATES)


def gate(name: str, state: str, waived: str = "") -> GateShown:
    return GateShown(name, state, "seen", "wanted", blocks=True, holds_up=state == "fail", waived=waived)


def with_gates(states: dict[str, str]) -> Details:
    return replace(BARE, gates=tuple(gate(name, state) for name, state in states.items()))


@settings(deadline=None)
@given(GATES, st.text(max_size=20))
def test_what_is_kept_comes_back(states: dict[str, str], text: str) -> None:
    one = followed(replace(with_gates(states), note=text, edits=(Pair(text, "a", "b"),)), None, 5.5)
    assert from_json(as_json(one)) == one


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"v":2}', "x" * 10])
def test_another_shape_is_nothing(body: str) -> None:
    assert from_json(body) is None
    assert from_json(as_json(replace(BARE, v=2))) is None


@settings(deadline=None)
@given(GATES, GATES, GATES)
def test_the_transitions_lead_from_nothing_to_the_states_of_now(
    first: dict[str, str], second: dict[str, str], third: dict[str, str]
) -> None:
    told: Details | None = None
    for at, states in enumerate((first, second, third)):
        told = followed(with_gates(states), told, float(at))
        assert followed(with_gates(states), told, 99.0) == told  # the same again is no news
    assert told is not None
    stands: dict[str, str] = {}
    for one in told.history:
        assert one.before == stands.get(one.gate, "")
        stands[one.gate] = one.after
        if one.after == "gone":
            del stands[one.gate]
    assert stands == third


def test_a_waiver_is_a_transition_of_its_own() -> None:
    before = followed(with_gates({"auc": "fail"}), None, 1.0)
    after = followed(replace(BARE, gates=(gate("auc", "fail", "ben: known"),)), before, 2.0)
    assert after.history[-1] == Transition("auc", "fail", "waived", 2.0, "seen")


def test_the_history_is_bounded() -> None:
    told = BARE
    for at in range(3 * HISTORY):
        told = followed(with_gates({"auc": "pass" if at % 2 else "fail"}), told, float(at))
    assert [one.at for one in told.history] == [float(at) for at in range(2 * HISTORY, 3 * HISTORY)]


def test_long_texts_are_cut() -> None:
    shown = gate_shown(GateResult("n" * 999, GateState.FAIL, "o" * 9_999, "r" * 9_999, url="https://x/" + "u" * 999))
    assert [len(part) for part in (shown.name, shown.observed, shown.required)] == [200, TEXT, TEXT]
    assert (shown.url, shown.holds_up) == (None, True)


METRICS: dict[str, tuple[MetricDelta, tuple[str, str, str]]] = {
    "better": (MetricDelta("auc", 0.941, 0.948, 0.007, 0.744, True), ("0.941", "0.948", "+0.007 (+0.74%) ▲ better")),
    "as many digits as needed": (MetricDelta("a", 0.94101, 0.94102, 1e-5, 0.001), ("0.94101", "0.94102", "")),
    "same": (MetricDelta("a", 1.0, 1.0, 0.0, 0.0), ("1", "1", "same")),
    "new": (MetricDelta("a", None, 0.5), ("–", "0.5", "")),
    "not a number": (MetricDelta("a", 0.5, float("nan"), float("nan")), ("0.5", "not a number", "")),
    "infinite": (MetricDelta("a", float("-inf"), float("inf"), float("inf")), ("minus infinite", "infinite", "")),
}


@pytest.mark.parametrize(("delta", "shown"), METRICS.values(), ids=METRICS)
def test_metrics_in_words(delta: MetricDelta, shown: tuple[str, str, str]) -> None:
    (one,) = comparison_shown(Comparison("m", "e", "1", "2", True, metrics=(delta,))).metrics
    assert (one.before, one.after) == shown[:2]
    assert shown[2] in one.word


def test_a_comparison_in_words_is_bounded() -> None:
    sets = (DatasetInput("train", "a1", "training"), DatasetInput("old", "b"))
    now = (DatasetInput("train", "a2", "training"), DatasetInput("eval", "c"))
    seen = Comparison(
        *("fraud", "production", "40", "42", False),
        metrics=tuple(MetricDelta(f"m{number}", 0.1, 0.2) for number in range(5_000)),
        params=(Changed("depth", "3", None),),
        datasets=now,
        datasets_before=sets,
        elsewhere=(Elsewhere("staging", None),),
        owners=("slack:@fraud",),
    )
    shown = comparison_shown(seen)
    assert (len(shown.metrics), left_out(seen)) == (ROWS, 4_800)
    assert shown.params == (Pair("depth", "3", "–"),)
    words = {one.name: one.word for one in shown.datasets}
    assert words == {"train (training)": "changed", "old": "only before", "eval": "new"}
    assert shown.elsewhere == (Pair("staging", "", "nothing pinned"),)
    assert shown.notes[0] == "The registry does not tell of 40 now."
    assert "Nothing was deployed before" in comparison_shown(replace(seen, frm=None)).notes[0]
