"""A metric against a threshold, unknown included."""

from __future__ import annotations

import math

import pytest

from tests.domain.gating.metrics import F, P, U, gate, judged, version

LOSS = gate("loss", "lower", threshold=0.2)
AUC = gate(threshold=0.9)


@pytest.mark.parametrize(
    ("one", "candidate", "state", "observed"),
    [
        (AUC, version("4", auc=0.9), P, "0.9"),
        (AUC, version("4", auc=0.95), P, "0.95"),
        (AUC, version("4", auc=0.899), F, "0.899"),
        (AUC, version("4", auc=0.899999), F, "0.899999"),
        (AUC, version("4", auc=0.1 * 9), P, "0.9"),
        (gate(threshold=0.3), version("4", auc=0.1 + 0.2), P, "0.3"),
        (gate("loss", "lower", threshold=0.3), version("4", loss=0.1 + 0.2), P, "0.3"),
        (gate(threshold=0.0), version("4", auc=-1e-300), F, "-1e-300"),
        (gate(threshold=0.0), version("4", auc=-0.001), F, "-0.001"),
        (LOSS, version("4", loss=0.2), P, "0.2"),
        (LOSS, version("4", loss=0.21), F, "0.21"),
        (gate("latency", "lower", threshold=20000), version("4", latency=20001), F, "20001"),
        (AUC, version("4", auc=0.95, series=("auc",)), P, "0.95 (last of a series)"),
        (AUC, version("4"), U, "not logged"),
        (AUC, None, U, "registry did not answer"),
        (AUC, version("4", auc=math.nan), U, "not a finite number"),
        (AUC, version("4", auc=math.inf), U, "not a finite number"),
        (LOSS, version("4", loss=-math.inf), U, "not a finite number"),
        (AUC, version("4", conflicts=("auc",)), U, "two different values were logged"),
        (AUC, version("4", conflicts=("auc",), auc=0.99), U, "two different values were logged"),
        (gate("AUC", threshold=0.9), version("4", auc=0.95), U, "not logged"),
    ],
)
def test_threshold(one, candidate, state, observed):
    result = judged(one, candidate)
    assert (result.state, result.observed) == (state, observed)


@pytest.mark.parametrize(
    ("one", "required"),
    [
        (AUC, "at least 0.9"),
        (LOSS, "at most 0.2"),
        (gate(threshold=0.912345), "at least 0.912345"),
        (gate("n", threshold=1234567), "at least 1234567"),
    ],
)
def test_what_is_asked_for(one, required):
    assert judged(one, None).required == required


def test_warn_does_not_block_and_the_moment_is_kept():
    result = judged(gate(threshold=0.9, mode="warn", at="propose"), version("4", auc=0.1))
    assert (result.state, result.holds_up, result.blocks, result.at) == (F, False, False, "propose")


@pytest.mark.parametrize("candidate", [None, version("4"), version("4", auc=0.1)], ids=["silent", "missing", "low"])
def test_what_does_not_pass_holds_the_change_up(candidate):
    assert judged(AUC, candidate).holds_up
