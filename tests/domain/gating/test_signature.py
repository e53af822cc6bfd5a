"""The signature gate as a table: what breaks a caller, what a caller only notices, and what nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.facts import Column, Signature
from bot.domain.gates import GateState
from bot.domain.policy import SignatureGate
from tests.domain.gating.given import F, P, S, U, facts, holds, judged, version

AGE, CITY, MAYBE = Column("age", "long"), Column("city", "string"), Column("city", "string", required=False)
SCORE, WHY, MAYBE_WHY = Column("score", "double"), Column("why", "string"), Column("why", "string", required=False)
C, E, L = "compatible", "same", "logged"
MLMODEL = "mlmodel-sha256:" + "a" * 64


def sig(inputs: tuple[Column, ...], outputs: tuple[Column, ...] = (SCORE,)) -> Signature:
    return Signature(inputs, outputs)


def gate(rule: Any, no_baseline: Any = "skip") -> SignatureGate:
    return SignatureGate("signature", rule, "block", "merge", no_baseline)


@pytest.mark.parametrize(
    ("old", "new", "compatible", "same", "words"),
    [
        pytest.param(sig((AGE,)), sig((AGE,)), P, P, "", id="the same"),
        pytest.param(sig((AGE,)), sig((AGE, MAYBE)), P, F, "no", id="an optional input more"),
        pytest.param(sig((Column("n", "integer"),)), sig((Column("n", "long"),)), P, F, "notice", id="widened"),
        pytest.param(sig((AGE, CITY)), sig((AGE, MAYBE)), P, F, "no", id="no longer required"),
        pytest.param(sig((AGE, CITY)), sig((CITY, AGE)), P, P, "", id="another order"),
        pytest.param(sig((AGE, CITY)), sig((AGE,)), P, F, "", id="an input dropped"),
        pytest.param(sig((AGE,)), sig((AGE,), (SCORE, WHY)), P, F, "", id="an output more"),
        pytest.param(sig((AGE,)), sig((AGE, CITY)), F, F, "Now required, 1 input: city", id="a required input more"),
        pytest.param(sig((AGE, MAYBE)), sig((AGE, CITY)), F, F, "Now required", id="became required"),
        pytest.param(sig((AGE,)), sig((Column("age", "string"),)), F, F, "Takes another type", id="another type"),
        pytest.param(sig((Column("n", "long"),)), sig((Column("n", "integer"),)), F, F, "another type", id="narrowed"),
        pytest.param(sig((AGE,), (SCORE, WHY)), sig((AGE,)), F, F, "No longer given", id="an output gone"),
        pytest.param(sig((AGE,)), sig((AGE,), (Column("score", "float"),)), F, F, "Gives another", id="output's type"),
        pytest.param(
            sig((AGE,), (SCORE, WHY)), sig((AGE,), (SCORE, MAYBE_WHY)), F, F, "May be left out", id="may be out"
        ),
        pytest.param(sig((AGE, CITY)), sig((AGE,), ()), U, F, "", id="outputs not told, an input dropped"),
        pytest.param(
            sig(()), sig((AGE,)), U, U, "Only one of the two versions says what it takes", id="inputs not told"
        ),
        pytest.param(sig((AGE,), ()), sig((AGE, CITY)), F, F, "Now required", id="breaks for sure, the rest not told"),
        pytest.param(None, sig((AGE,)), U, U, "no signature of 41 is known", id="old one unknown"),
        pytest.param(sig((AGE,)), None, U, U, "no signature of 42 is known", id="new one unknown"),
        pytest.param(None, None, U, U, "no signature of 41 and 42 is known", id="both unknown"),
    ],
)
def test_beside_the_deployed(
    old: Signature | None, new: Signature | None, compatible: GateState, same: GateState, words: str
) -> None:
    given = facts(version(signature=new), version("41", signature=old))
    holds(gate(C), given, compatible, words)
    holds(gate(E), given, same, words)


@pytest.mark.parametrize(
    ("one", "given", "state", "words"),
    [
        pytest.param(gate(C), facts(version(), first=True), S, "first deployment", id="nothing to compare with"),
        pytest.param(gate(C, "fail"), facts(version(), first=True), F, "first deployment", id="which the policy minds"),
        pytest.param(gate(E), facts(None, version("41")), U, "does not tell of this version", id="no candidate"),
        pytest.param(gate(C), facts(version()), U, "of the deployed version", id="no deployed version"),
        pytest.param(gate(L), facts(version(signature=sig((AGE, CITY)))), P, "2 in, 1 out", id="logged"),
        pytest.param(gate(L), facts(version(signature=sig((AGE,))), first=True), P, "1 in", id="logged, the first"),
        pytest.param(gate(L), facts(version(artifact_digest=MLMODEL)), F, "has none", id="file without one"),
        pytest.param(gate(L), facts(version()), U, "cannot be read", id="file not read"),
        pytest.param(gate(L), facts(version(artifact_digest="sha256:1")), U, "cannot be read", id="digest of a tag"),
        pytest.param(gate(L), facts(None), U, "does not tell", id="logged: silent registry"),
    ],
)
def test_alone(one: SignatureGate, given: Any, state: GateState, words: str) -> None:
    holds(one, given, state, words)


def test_a_thousand_differences_stay_short() -> None:
    wide = tuple(Column(f"a_rather_long_name_of_an_input_{n}", "object{" * 50) for n in range(5_000))
    given = facts(version(signature=sig((AGE, *wide), ())), version("41", signature=sig((AGE,))))
    assert judged(gate(C), given).observed.startswith("Now required, 5000 inputs")
