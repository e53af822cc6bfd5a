"""What a caller would notice, and what not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import Column, Signature
from bot.domain.signature import SHOWN, UNKNOWN, differences

AGE, CITY, MAYBE = Column("age", "long"), Column("city", "string"), Column("city", "string", required=False)
SCORE, WHY = Column("score", "double"), Column("why", "string")
PIXELS, MORE_PIXELS = Column("", "float32(-1, 28, 28)"), Column("", "float32(-1, 32, 32)")


def takes(*columns: Column) -> Signature:
    return Signature(columns, (SCORE,))


def gives(*columns: Column) -> Signature:
    return Signature((AGE,), columns)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (takes(AGE, CITY), takes(AGE, CITY), ()),
        (takes(AGE, CITY), takes(CITY, AGE), ()),
        (takes(AGE), takes(AGE, MAYBE), ()),
        (takes(AGE, CITY), takes(AGE, MAYBE), ()),
        (takes(AGE), takes(AGE, CITY), ("Now required, 1 input: city (string).",)),
        (takes(AGE, MAYBE), takes(AGE, CITY), ("Now required, 1 input: city (string).",)),
        (takes(AGE, CITY), takes(AGE), ("No longer used, 1 input: city.",)),
        (takes(AGE, MAYBE), takes(AGE), ("No longer used, 1 input: city.",)),
        (
            takes(AGE),
            takes(Column("age", "string")),
            ("Takes another type, 1 input: age (long → string).",),
        ),
        (takes(Column("age", "integer")), takes(Column("age", "long")), ()),
        (takes(Column("age", "integer")), takes(Column("age", "double")), ()),
        (takes(Column("age", "float")), takes(Column("age", "double")), ()),
        (takes(Column("age", "map<long>")), takes(Column("age", "any")), ()),
        (
            takes(Column("age", "double")),
            takes(AGE),
            ("Takes another type, 1 input: age (double → long).",),
        ),
        (
            takes(AGE),
            takes(Column("age", "integer")),
            ("Takes another type, 1 input: age (long → integer).",),
        ),
        (
            takes(AGE),
            takes(Column("age", "double")),
            ("Takes another type, 1 input: age (long → double).",),
        ),
        (takes(PIXELS), takes(PIXELS), ()),
        (takes(PIXELS), takes(Column("", "float32(-1, -1, 28)")), ()),
        (
            takes(PIXELS),
            takes(MORE_PIXELS),
            ("Takes another type, 1 input: #1 (float32(-1, 28, 28) → float32(-1, 32, 32)).",),
        ),
        (
            takes(Column("", "float32(-1, -1)")),
            takes(Column("", "float32(-1, 3)")),
            ("Takes another type, 1 input: #1 (float32(-1, -1) → float32(-1, 3)).",),
        ),
        (
            takes(Column("", "float32(-1)")),
            takes(Column("", "float32(-1, -1)")),
            ("Takes another type, 1 input: #1 (float32(-1) → float32(-1, -1)).",),
        ),
        (gives(SCORE), gives(SCORE, WHY), ()),
        (gives(SCORE, WHY), gives(SCORE), ("No longer given, 1 output: why.",)),
        (
            gives(SCORE),
            gives(Column("score", "string")),
            ("Gives another type, 1 output: score (double → string).",),
        ),
        (
            gives(Column("", "double")),
            gives(Column("", "double"), Column("", "double")),
            ("Given as well, 1 output: #2.",),
        ),
        (gives(CITY), gives(MAYBE), ("May be left out now, 1 output: city.",)),
        (gives(MAYBE), gives(CITY), ()),
        (Signature((AGE,)), Signature((AGE,)), ()),
        (gives(), gives(SCORE), ("Only one of the two versions says what it gives.",)),
        (takes(AGE), takes(), ("Only one of the two versions says what it takes.",)),
        (None, takes(AGE), (UNKNOWN,)),
        (takes(AGE), None, (UNKNOWN,)),
        (None, None, (UNKNOWN,)),
    ],
    ids=[f"case-{n}" for n in range(33)],
)
def test_differences(old: Signature | None, new: Signature | None, told: tuple[str, ...]) -> None:
    assert differences(old, new) == told


def test_a_wide_model_is_told_in_one_line() -> None:
    wide = [Column(f"feature_{n:03}", "double") for n in range(300)]
    (line,) = differences(takes(AGE), takes(AGE, *wide))
    assert line.startswith("Now required, 300 inputs: feature_000 (double), feature_001 (double), ")
    assert line.endswith(f" and {300 - SHOWN} more.")


def test_names_stay_on_one_line_and_short() -> None:
    (line,) = differences(takes(AGE), takes(AGE, Column("a\nb" * 100, "object{" * 100)))
    assert "\n" not in line
    assert len(line) < 250


COLUMNS = st.lists(
    st.builds(Column, st.sampled_from("abc"), st.sampled_from(["long", "double"]), st.booleans()),
    unique_by=lambda one: one.name,
).map(tuple)


@given(st.builds(Signature, COLUMNS, COLUMNS), st.builds(Signature, COLUMNS, COLUMNS))
def test_nobody_notices_the_same_and_the_order_does_not_matter(one: Signature, other: Signature) -> None:
    assert differences(one, one) == ()
    turned = Signature(one.inputs[::-1], one.outputs[::-1])
    assert differences(one, turned) == ()
    assert bool(differences(one, other)) == bool(differences(turned, other))
