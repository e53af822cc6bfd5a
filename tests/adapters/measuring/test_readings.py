"""What a run says: of odd columns, of the data's quality, of the predictions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bot.domain.drifting.measuring import DataSet, FeatureRule
from bot.domain.drifting.windows import Kind, Verdict
from tests.adapters.measuring.rig import NOW, measured, reading

NUMBERS = np.random.RandomState(1).normal(0, 1, 300)
NAMES = np.random.RandomState(2).choice(["a", "b", "c"], 300).tolist()
FINE, BAD, UNKNOWN = Verdict.FINE, Verdict.BAD, Verdict.UNKNOWN

ODD: dict[str, tuple[Any, Any, str]] = {
    "gone": (NUMBERS, None, "gone"),
    "new": (None, NUMBERS, "new"),
    "no_values": (NUMBERS, np.full(300, np.nan), "no values in the current data"),
    "no_reference": (np.full(300, np.nan), NUMBERS, "no values in the reference"),
    "nulls": (pa.array(NUMBERS), pa.nulls(300), "no values in the current data"),
    "infinite": (NUMBERS, np.full(300, np.inf), "no values in the current data"),
    "dates": (NAMES, pa.array([0] * 300, pa.timestamp("s")), "type changed from text to time"),
    "broken_text": (NAMES, pa.array([b"\xff"] * 300), "type changed from text to other"),
    "other_type": (NUMBERS, NAMES, "type changed from float to text"),
    "flag": (np.array([True, False] * 150), NUMBERS, "type changed"),
    "text": ([f"id {n}" for n in range(300)], [f"id {n}" for n in range(300, 600)], "value of its own"),
    "too_large": (np.array([-1e308, 1e308] * 150), NUMBERS, "too large"),
    "too_small": (NUMBERS, np.array([-1.7e308, 1.7e308] * 150), "too large"),
}


@pytest.mark.parametrize("name", sorted(ODD))
def test_what_cannot_be_compared_is_unknown_and_fails_nothing_else(name: str) -> None:
    before, after, words = ODD[name]
    reference = {"fine": NUMBERS, **({name: before} if before is not None else {})}
    current = {"fine": NUMBERS, **({name: after} if after is not None else {})}
    found = measured(reference, current)
    odd = reading(found, name)
    assert (odd.verdict, odd.value) == (UNKNOWN, None)
    assert words in odd.note
    assert any(note.startswith(f"{name}: ") for note in found.notes)
    assert reading(found, "fine").verdict is FINE
    assert reading(found, "").note == "0 of 1 features"


COMPARED: dict[str, tuple[Any, Any, str]] = {
    "integers_to_floats": (np.arange(300), np.arange(300) * 1.0, "ks"),
    "integers_with_nulls": (pa.array([1, 2, 3] * 100), pa.array([1, 2, None] * 100), "chi_square"),
    "flags": (np.array([True, False] * 150), np.array([True, False] * 150), "z"),
    "mixed": (["a", "1", "a"] * 100, ["1", "a", "1"] * 100, "z"),
    "dictionary": (pa.array(NAMES).dictionary_encode(), pa.array(NAMES), "chi_square"),
    "decimals": (pa.array(range(300), pa.decimal128(6, 2)), np.arange(300) * 1.0, "ks"),
    "one_row_each": (np.array([1.0] * 300), np.array([1.0] * 300), "z"),
    "unsigned": (np.arange(300, dtype=np.uint8), np.arange(300, dtype=np.uint8), "ks"),
}


@pytest.mark.parametrize("name", sorted(COMPARED))
def test_types_that_go_together_are_compared(name: str) -> None:
    before, after, method = COMPARED[name]
    assert reading(measured({name: before}, {name: after}), name).method == method


@pytest.mark.parametrize(("rows", "least", "verdict"), [(0, 5, BAD), (4, 5, BAD), (0, 0, UNKNOWN)])
def test_too_few_rows_say_nothing_but_how_few_they_are(rows: int, least: int, verdict: Verdict) -> None:
    moved = pa.table({"a": NUMBERS[:rows] + 50, "b": NAMES[:rows]}, pa.schema({"a": pa.float64(), "b": pa.string()}))
    found = measured({"a": NUMBERS, "b": NAMES}, moved, rows=least)
    assert found.rows == rows
    number = reading(found, "", "rows", Kind.DATA_QUALITY)
    assert (number.verdict, number.value, number.threshold) == (verdict, rows, least or None)
    others = {one.verdict for some in found.readings.values() for one in some if one is not number}
    assert others == {UNKNOWN}


def test_rows_of_which_nobody_said_how_many_there_must_be() -> None:
    number = reading(measured({"a": NUMBERS}, {"a": NUMBERS[:1]}), "", "rows", Kind.DATA_QUALITY)
    assert (number.verdict, number.value, number.threshold) == (FINE, 1, None)


@pytest.mark.parametrize(("rows", "least", "said"), [(199, 0, 1), (200, 0, 0), (199, 100, 0)])
def test_a_small_sample_beside_a_large_one_is_noted(rows: int, least: int, said: int) -> None:
    found = measured({"a": np.tile(NUMBERS, 4)}, {"a": NUMBERS[:rows]}, rows=least)
    assert len(found.notes) == said


@pytest.mark.parametrize(
    ("hours", "limit", "verdict", "value"),
    [
        (2.0, 3.0, FINE, 2.0),
        (30.0, 24.0, BAD, 30.0),
        (30.0, 0.0, UNKNOWN, 30.0),
        (-0.05, 1.0, FINE, 0.0),
        (None, 1.0, BAD, None),
    ],
)
def test_how_old_the_newest_row_is(hours: float | None, limit: float, verdict: Verdict, value: float | None) -> None:
    data = DataSet("current", time="seen", last=86_400.0, max_age=limit * 3600)
    seen = pa.array([None if hours is None else NOW - hours * 3600] * 300, pa.float64())
    found = measured({"a": NUMBERS}, {"a": NUMBERS, "seen": seen}, current=data)
    one = reading(found, "", "age", Kind.DATA_QUALITY)
    assert (one.verdict, one.value) == (verdict, None if value is None else pytest.approx(value))


def test_missing_values_count_above_the_references() -> None:
    some = np.where(np.arange(300) < 60, np.nan, NUMBERS)  # a fifth
    most = np.where(np.arange(300) < 105, np.nan, NUMBERS)  # 35 %
    found = measured(
        {"plain": some, "strict": some, "loose": some},
        {"plain": most, "strict": some, "loose": most},
        rules=(FeatureRule("loose", missing=0.5), FeatureRule("strict", missing=0.0)),
    )
    told = {name: reading(found, name, "missing", Kind.DATA_QUALITY) for name in ("plain", "strict", "loose")}
    assert {name: one.verdict for name, one in told.items()} == {"plain": BAD, "strict": FINE, "loose": FINE}
    assert (told["plain"].value, told["plain"].threshold) == (pytest.approx(0.35), pytest.approx(0.3))
    assert told["plain"].note == "20.0% in the reference"


def test_new_categories_are_named_by_how_often_they_come() -> None:
    current = [*NAMES[:280], *["x"] * 9, *["y"] * 6, "z", "v", "w", "w", "w"]
    one = reading(measured({"kind": NAMES}, {"kind": current}), "kind", "new_categories", Kind.DATA_QUALITY)
    assert (one.verdict, one.value, one.note) == (BAD, pytest.approx(20 / 300), "x, y, w and 2 more")
    assert one.score is not None
    assert one.score > 1
    same = reading(measured({"kind": NAMES}, {"kind": NAMES}), "kind", "new_categories", Kind.DATA_QUALITY)
    assert (same.verdict, same.value, same.score) == (FINE, 0.0, 0.0)
    assert not [
        one
        for one in measured({"kind": NAMES}, {"kind": current}, new_categories=False).readings[Kind.DATA_QUALITY]
        if one.method == "new_categories"
    ]


@pytest.mark.parametrize(("moved", "verdict"), [(0, FINE), (400, BAD)])
def test_where_there_are_many_categories_some_are_always_new(moved: int, verdict: Verdict) -> None:
    random = np.random.RandomState(6)
    before, after = ([f"shop {n}" for n in random.zipf(1.5, size)] for size in (4_000, 3_000))
    after[:moved] = ["shop X"] * moved
    one = reading(measured({"shop": before}, {"shop": after}), "shop", "new_categories", Kind.DATA_QUALITY)
    assert one.verdict is verdict
    assert one.value


@pytest.mark.parametrize(
    ("limits", "verdict", "share"),
    [((0.0, 100.0), FINE, 0.0), ((10.0, None), BAD, 0.1), ((None, 49.5), BAD, 0.5), ((20.0, 79.0), BAD, 0.4)],
)
def test_a_declared_range(limits: Any, verdict: Verdict, share: float) -> None:
    rules = (FeatureRule("a*", range=limits),)
    one = reading(
        measured({"age": np.arange(100.0)}, {"age": np.arange(100.0)}, rules=rules),
        "age",
        "out_of_range",
        Kind.DATA_QUALITY,
    )
    assert (one.verdict, one.value) == (verdict, pytest.approx(share))


def test_features_are_chosen_by_patterns_and_the_prediction_is_marked() -> None:
    sides = dict.fromkeys(("amount_a", "amount_b", "age", "score", "label", "x[0]"), NUMBERS)
    found = measured(
        sides, sides, features=("amount_*", "x[0]", "lost"), exclude=("*_b",), prediction="score", label="label"
    )
    told = {one.feature: one for one in found.readings[Kind.DRIFT]}
    assert set(told) == {"", "amount_a", "x[0]", "score", "lost"}
    assert [name for name, one in told.items() if one.prediction] == ["score"]
    assert told["lost"].note == "neither data set has it"
    everything = measured(sides, sides, label="label").readings[Kind.DRIFT]
    assert {one.feature for one in everything} == {"", *sides} - {"label"}


@pytest.mark.parametrize(
    ("features", "allowed", "told"),
    [(("a", "b"), 0.1, {"a": 1.0, "b": 1.0}), (("*",), 0.1, {"a": 1.0, "b": 1.0}), (("a",), None, {}), ((), 0.1, {})],
)
def test_features_that_are_named_and_gone_are_missing(features: Any, allowed: Any, told: dict[str, float]) -> None:
    """Of those that nobody named, references have more than the rest: labels, splits."""
    sides = {"kept": NUMBERS, "a": NUMBERS, "b": NUMBERS}, {"kept": NUMBERS, "A": NUMBERS, "b": NAMES}
    found = measured(*sides, features=features, missing=allowed)
    assert (found.rows, found.reference_rows) == (300, 300)
    quality = found.readings[Kind.DATA_QUALITY]
    assert {one.feature: one.value for one in quality if one.verdict is BAD} == told


def test_a_method_that_does_not_fit_is_said() -> None:
    found = measured({"kind": NAMES}, {"kind": NAMES}, categorical="ks")
    assert reading(found, "kind").note == "ks does not compare categories"


def test_rules_decide_over_the_run() -> None:
    rules = (FeatureRule("a", method="psi", threshold=5.0), FeatureRule("grade", categorical=False))
    grades = np.random.RandomState(3).randint(0, 8, 300)
    found = measured({"a": NUMBERS, "grade": grades}, {"a": NUMBERS + 0.3, "grade": grades}, rules=rules)
    assert (reading(found, "a").method, reading(found, "a").threshold, reading(found, "a").verdict) == (
        "psi",
        5.0,
        FINE,
    )
    assert reading(found, "grade").method == "ks"
    named = measured({"grade": grades}, {"grade": grades}, rules=(FeatureRule("grade", categorical=True),))
    assert reading(named, "grade").method == "chi_square"


def test_shapes_are_those_of_the_worst_features() -> None:
    sides = [{f"f{n}": NUMBERS + by * n for n in range(8)} | {"kind": NAMES} for by in (0.0, 0.3)]
    shapes = measured(*sides).shapes
    assert {one.feature for one in shapes} == {"f3", "f4", "f5", "f6", "f7"}
    assert [(len(one.edges), len(one.reference), sum(one.current)) for one in shapes] == [
        (21, 20, pytest.approx(1))
    ] * 5
    many = [f"name {n}" for n in range(40) for _ in range(n + 1)]
    named = measured({"kind": many}, {"kind": many}).shapes[0]
    assert (len(named.labels), named.labels[0], named.labels[-1]) == (13, "name 39", "(other)")
    assert sum(named.reference) == pytest.approx(1)


def test_numbers_of_few_values_are_shown_value_by_value() -> None:
    old, new = ["0", "1", "2"], [1 / 6, 1 / 3, 1 / 2]
    before: list[float] = [0, 1, 2] * 100
    after: list[float] = [0, 1, 1, 2, 2, 2] * 50
    (shape,) = measured({"flag": before}, {"flag": after}).shapes
    shares = dict(zip(shape.labels, shape.current, strict=True))
    assert (len(shape.edges), sorted(shares)) == (0, old)
    assert [shares[name] for name in old] == pytest.approx(new)
