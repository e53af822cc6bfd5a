"""The same data, methods and limits: the verdicts that Evidently 0.7.23 gave, and its figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.drifting.windows import Verdict
from tests.adapters.measuring.rig import measured, reading
from tests.adapters.measuring.seeded import CASES

RECORDED = Path(__file__).parent / "recorded"
METHODS = {
    "K-S p_value": "ks",
    "chi-square p_value": "chi_square",
    "Z-test p_value": "z",
    "Jensen-Shannon distance": "jensenshannon",
    "Wasserstein distance (normed)": "wasserstein",
    "PSI": "psi",
    "chisquare": "chi_square",
}


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


@pytest.mark.parametrize("name", sorted(CASES))
def test_verdicts_methods_and_figures_are_evidentlys(name: str) -> None:
    case, told = CASES[name], recorded(name)
    reference, current = case.data(name)
    found = measured(
        reference,
        current,
        numeric=case.numeric,
        categorical=case.categorical,
        thresholds=case.thresholds,
        share=case.share,
    )
    tests = {one["name"]: one["status"] == "FAIL" for one in told["tests"]}
    columns = [one for one in told["metrics"] if "column" in one["config"]]
    assert len(columns) == len(reference)
    for one in columns:
        config = one["config"]
        ours = reading(found, config["column"])
        assert ours.method == METHODS.get(config["method"], config["method"])
        assert ours.value == pytest.approx(one["value"], rel=1e-4, abs=1e-9), config["column"]
        assert (ours.verdict is Verdict.BAD) == tests[f"Value Drift for column {config['column']}"], config["column"]
    whole = next(one for one in told["metrics"] if "column" not in one["config"])
    assert reading(found, "").value == pytest.approx(whole["value"]["share"])
    shares = [failed for said, failed in tests.items() if said.startswith("Share of Drifted Columns")]
    assert [reading(found, "").verdict is Verdict.BAD] == shares


def test_every_recording_is_held_and_both_verdicts_occur() -> None:
    assert {one.stem for one in RECORDED.glob("*.json")} == set(CASES)
    verdicts = {one["status"] for name in CASES for one in recorded(name)["tests"]}
    assert verdicts == {"FAIL", "SUCCESS"}
    used = {one["config"].get("method") for name in CASES for one in recorded(name)["metrics"]} - {None}
    assert {METHODS.get(one, one) for one in used} == set(METHODS.values())
