"""Non-inferiority: the margin, with the standard errors of both versions."""

from __future__ import annotations

import math

import pytest

from bot.domain.policy import Margin
from tests.domain.gating.metrics import F, P, U, gate, judged, version

# 95 %, one-sided: z = 1.645. With 0.002 on both sides the difference has 0.00283, which widens it by 0.00465.
AUC = gate(against="deployed", margin=Margin(0.005, "auc_se"))
LOSS = gate(direction="lower", against="deployed", margin=Margin(0.005, "auc_se"))


@pytest.mark.parametrize(
    ("one", "new", "old", "errors", "state"),
    [
        (AUC, 0.94, 0.94, (0.002, 0.002), P),
        (AUC, 0.9397, 0.94, (0.002, 0.002), P),
        (AUC, 0.9396, 0.94, (0.002, 0.002), F),
        (AUC, 0.94, 0.94, (0.003, 0.002), F),
        (AUC, 0.935, 0.94, (0.0, 0.0), P),
        (AUC, 0.934, 0.94, (0.0, 0.0), F),
        (LOSS, 0.2003, 0.2, (0.002, 0.002), P),
        (LOSS, 0.2004, 0.2, (0.002, 0.002), F),
        (LOSS, 0.19, 0.2, (0.002, 0.002), P),
        (AUC, 0.94, 0.94, (-0.1, 0.002), U),
        (AUC, 0.94, 0.94, (0.002, math.nan), U),
        (AUC, 0.94, 0.94, (math.inf, 0.002), U),
        (AUC, 0.94, 0.94, (None, 0.002), U),
        (AUC, 0.94, 0.94, (0.002, None), U),
        (AUC, math.nan, 0.94, (0.002, 0.002), U),
        (gate(against="deployed", margin=Margin(0.005, "auc_se", 0.5)), 0.935, 0.94, (0.1, 0.1), P),
    ],
)
def test_margin(one, new, old, errors, state):
    mine, theirs = ({} if error is None else {"auc_se": error} for error in errors)
    assert judged(one, version("4", auc=new, **mine), version("3", auc=old, **theirs)).state is state


def test_the_words_say_what_it_may_be():
    result = judged(AUC, version("4", auc=0.93, auc_se=0.002), version("3", auc=0.94, auc_se=0.002))
    assert result.observed == "0.94 → 0.93, 0.01 worse than 3, maybe 0.01465 worse"
    assert result.required == "95% sure to be at most 0.005 worse than deployed"


@pytest.mark.parametrize(
    ("candidate", "observed"),
    [
        (version("4", auc=0.94), "standard error auc_se of 4 is not known"),
        (version("4", auc=0.94, auc_se=0.1, conflicts=("auc_se",)), "standard error auc_se of 4 is not known"),
        (version("4", auc=0.94, auc_se=-1.0), "auc_se of 4 is no standard error"),
    ],
)
def test_why_it_is_unknown(candidate, observed):
    assert judged(AUC, candidate, version("3", auc=0.9, auc_se=0.1)).observed == observed


SLICED = gate("recall.*", against="deployed", margin=Margin(0.01, "recall.*.se"))


def test_each_slice_has_its_own_standard_error_which_is_no_slice():
    new = version("4", recall__a=0.9, recall__a__se=0.001, recall__b=0.9, recall__b__se=0.5)
    old = version("3", recall__a=0.9, recall__a__se=0.001, recall__b=0.9, recall__b__se=0.5)
    result = judged(SLICED, new, old)
    assert (result.state, result.observed.startswith("1 of 2 slices fail: recall.b 0.9 → 0.9")) == (F, True)


def test_the_worst_slices_bring_their_own_standard_errors():
    worst = gate("recall.*", against="deployed", margin=Margin(0.01, "recall.*.se"), slices="worst")
    new = version("4", recall__a=0.5, recall__a__se=0.001, recall__b=0.9, recall__b__se=0.5)
    old = version("3", recall__a=0.9, recall__a__se=0.5, recall__b=0.5, recall__b__se=0.001)
    assert judged(worst, new, old).state is P
