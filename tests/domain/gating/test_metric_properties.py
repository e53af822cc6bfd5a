"""What holds of every metric gate: its direction is only a sign, and a better candidate is never worse off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy import Margin, MetricGate, Regression
from tests.domain.gating.metrics import F, P, U, gate, judged, version

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
GATES = [
    {"threshold": 0.5},
    {"against": "deployed"},
    {"against": "deployed", "max_regression": Regression(3.0, percent=True)},
    {"against": "deployed", "max_regression": Regression(0.3, percent=False)},
    {"against": "deployed", "min_absolute_change": 0.25},
    {"against": "deployed", "min_relative_change": 0.25},
    {"against": "deployed", "min_absolute_change": 0.25, "min_relative_change": 0.25},
    {"against": "deployed", "margin": Margin(0.3, "se")},
]
ORDER = {F: 0, U: 1, P: 2}
NAMES = "abc"


def turned(one: MetricGate) -> MetricGate:
    limit = None if one.threshold is None else -one.threshold
    return replace(one, direction="lower", threshold=limit)


@pytest.mark.parametrize("more", GATES, ids=[" ".join(map(str, more)) for more in GATES])
@settings(deadline=None)
@given(new=NUMBERS, old=NUMBERS)
def test_lower_is_better_is_the_same_with_the_other_sign(more, new, old):
    one = gate(**more)
    result = judged(one, version("4", auc=new, se=0.1), version("3", auc=old, se=0.1))
    mirrored = judged(turned(one), version("4", auc=-new, se=0.1), version("3", auc=-old, se=0.1))
    assert result.state is mirrored.state


@pytest.mark.parametrize("more", GATES, ids=[" ".join(map(str, more)) for more in GATES])
@settings(deadline=None)
@given(new=NUMBERS, old=NUMBERS, gain=st.floats(0, 1e6))
def test_a_better_candidate_never_does_worse(more, new, old, gain):
    one, deployed = gate(**more), version("3", auc=old, se=0.1)
    before = judged(one, version("4", auc=new, se=0.1), deployed).state
    after = judged(one, version("4", auc=new + gain, se=0.1), deployed).state
    assert ORDER[after] >= ORDER[before]


@pytest.mark.parametrize("slices", ["every", "worst", 0.6])
@pytest.mark.parametrize("more", GATES[:6], ids=[" ".join(map(str, more)) for more in GATES[:6]])
@settings(deadline=None)
@given(
    values=st.lists(NUMBERS, min_size=3, max_size=3),
    old=st.lists(NUMBERS, min_size=3, max_size=3),
    place=st.integers(0, 2),
    gain=st.floats(0, 1e6),
)
def test_a_better_slice_never_makes_the_whole_worse(slices, more, values, old, place, gain):
    one = gate("r.*", slices=slices, **more)
    deployed = version("3", **{f"r__{name}": value for name, value in zip(NAMES, old, strict=True)})
    better = [value + gain if number == place else value for number, value in enumerate(values)]
    states = [
        judged(one, version("4", **{f"r__{name}": value for name, value in zip(NAMES, these, strict=True)}), deployed)
        for these in (values, better)
    ]
    assert ORDER[states[1].state] >= ORDER[states[0].state]


@settings(deadline=None)
@given(new=st.floats(), old=st.floats(), name=st.text(max_size=60))
def test_no_number_and_no_name_breaks_it(new, old, name):
    for more in GATES:
        for one in (gate(name, **more), gate(f"{name}*", **more)):
            result = judged(one, version("4", **{name: new}), version("3", **{name: old}))
            assert result.observed
            assert result.required
