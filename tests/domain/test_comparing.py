"""Two versions side by side: what is compared, in which order, and what is said to be missing."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comparing import changed_requirements, comparable, metric_deltas
from bot.domain.comparison import Changed, MetricDelta
from bot.domain.figures import difference, figure, judgement, pair, summary
from bot.domain.policy import ModelPolicy
from tests.domain.comparing_facts import BASE, FRAUD, HEAD, INTENT, NEW, OLD, told, version

floats = st.floats(allow_nan=True, allow_infinity=True)


def test_metrics_in_order_and_with_their_directions():
    rows = told().metrics
    assert [one.name for one in rows] == ["roc_auc", "log_loss", "new", "same", "gone"]
    roc, loss, new, same, gone = rows
    assert (roc.primary, roc.better, round(roc.difference or 0, 6)) == (True, True, 0.007)
    assert loss.better is False  # lower is better, and it went up
    assert (new.before, new.better, gone.after, gone.better) == (None, None, None, None)
    assert (same.better, same.same) == (None, True)


@pytest.mark.parametrize(
    ("before", "after", "says", "better"),
    [
        (0.9, 0.95, None, True),
        (0.9, 0.85, None, False),
        (0.9, 0.95, False, False),
        (math.nan, 0.9, None, None),
        (0.9, math.inf, None, None),
        (0.9, 0.9, None, None),
    ],
)
def test_which_way_is_better(before, after, says, better):
    model = ModelPolicy("m", primary_metric="roc_auc", greater_is_better=says)
    (delta,) = metric_deltas(model, version("2", metrics={"roc_auc": after}), version("1", metrics={"roc_auc": before}))
    assert delta.better is better


def test_a_metric_that_nobody_knows_has_no_better():
    (delta,) = metric_deltas(FRAUD, version("2", metrics={"zorp": 2.0}), version("1", metrics={"zorp": 1.0}))
    assert (delta.difference, delta.percent, delta.better) == (1.0, 100.0, None)


@pytest.mark.parametrize(
    ("candidate", "deployed", "intent", "missing"),
    [
        (NEW, OLD, INTENT, ()),
        (None, None, INTENT, ("candidate", "deployed")),
        (NEW, None, INTENT, ("deployed",)),
        (NEW, None, replace(INTENT, frm=None), ()),
        (None, OLD, INTENT, ("candidate",)),
    ],
    ids=["both", "silence", "deployed gone", "first", "candidate gone"],
)
def test_what_is_missing_is_named(candidate, deployed, intent, missing):
    comparison = told(candidate, deployed, intent=intent)
    assert comparison.missing == missing
    assert comparison.known_before is (deployed is not None)
    assert comparison.tells is (candidate is not None)


def test_params_and_libraries_are_only_those_that_changed():
    comparison = told()
    assert comparison.params == (Changed("depth", "6", "8"), Changed("seed", None, "1"))
    assert comparison.requirements == (Changed("lightgbm", None, "any"), Changed("scikit-learn", "==1.3.0", "==1.4.2"))


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (["a==1"], ["A == 1"], [("a", "==1", "== 1")]),
        (["x[gpu]==1"], ["x==1"], []),
        (["git+https://x/y@1"], ["git+https://x/y@2"], [("git", "+https://x/y@1", "+https://x/y@2")]),
        (["-r other.txt"], [], [("-r other.txt", "any", None)]),
        ([], [], []),
    ],
)
def test_requirements(before, after, changed):
    assert [(one.name, one.before, one.after) for one in changed_requirements(before, after)] == changed


@pytest.mark.parametrize(
    ("base", "head", "asked"),
    [
        (BASE, HEAD, True),
        (BASE, BASE, False),
        (None, HEAD, False),
        (BASE, "main", False),
        (BASE, "evil:main", False),
        ("../../x", HEAD, False),
        (BASE, f"{HEAD}\n", False),
    ],
)
def test_only_commits_by_their_id_are_asked_for(base, head, asked):
    found = comparable(replace(NEW, git_commit=head), replace(OLD, git_commit=base))
    assert found == ((base, head) if asked else None)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (0.941, 0.948, ("0.941", "0.948")),
        (0.99999, 0.999991, ("0.99999", "0.999991")),
        (1.0, 1.0, ("1", "1")),
        (None, 2.0, ("–", "2")),
        (math.nan, math.inf, ("not a number", "infinite")),
        (-math.inf, 0.0, ("minus infinite", "0")),
    ],
)
def test_as_many_digits_as_tell_two_apart(before, after, shown):
    assert pair(before, after) == shown


@given(floats, floats)
def test_two_numbers_that_differ_look_different(before, after):
    shown = pair(before, after)
    same = before == after or (math.isnan(before) and math.isnan(after))
    assert same is (shown[0] == shown[1]) or (before == after == 0)


@given(floats, floats)
def test_words_of_any_two_numbers(before, after):
    (delta,) = metric_deltas(FRAUD, version("2", metrics={"roc_auc": after}), version("1", metrics={"roc_auc": before}))
    assert all("nan" not in text and "inf " not in text for text in (difference(delta), judgement(delta)))
    assert summary(delta).startswith("roc_auc ")
    assert figure(after)


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (MetricDelta("a", 1.0, 2.0, 1.0, 100.0, better=True), ("+1 (+100%)", "▲ better")),
        (MetricDelta("a", 2.0, 1.0, -1.0, -50.0, better=False), ("-1 (-50%)", "▼ worse")),
        (MetricDelta("a", 0.0, 1.0, 1.0, None), ("+1", "▲")),
        (MetricDelta("a", 1.0, 1.0, 0.0, 0.0), ("", "same")),
        (MetricDelta("a", None, 1.0), ("", "new")),
        (MetricDelta("a", 1.0, None), ("", "not logged any more")),
        (MetricDelta("a", math.nan, math.nan), ("", "same")),
        (MetricDelta("a", 1.0, math.nan), ("", "")),
    ],
)
def test_difference_and_judgement(delta, words):
    assert (difference(delta), judgement(delta)) == words
