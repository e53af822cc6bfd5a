"""Which retrainings are looked at when GitHub tells that a run has ended."""

from __future__ import annotations

import pytest

from bot.domain.retraining import RetrainRule
from bot.usecases.retrain_heard import MOST, retrains_at
from tests.usecases.retrain_rig import RetrainRig


@pytest.mark.parametrize(
    ("repo", "run", "known", "found"),
    [
        ("Acme/Fraud", "7", "7", True),
        ("acme/fraud", "7", "", True),  # the answer that told its number was lost
        ("acme/fraud", "8", "7", False),
        ("acme/ltv", "7", "7", False),
    ],
)
def test_those_of_the_repository_that_may_be_this_run(repo: str, run: str, known: str, *, found: bool) -> None:
    rig = RetrainRig()
    rig.click()
    one = rig.only()
    rig.retrains.save(one.model_copy(update={"run": known}))
    assert retrains_at(rig.ctx, repo, run) == ([one.id] if found else [])


def test_other_engines_and_what_has_ended_are_left_alone_and_the_work_is_bounded() -> None:
    rig = RetrainRig()
    rig.click()
    one = rig.only().model_copy(update={"run": "7"})
    airflow = RetrainRule("airflow", {"repo": "acme/fraud"})
    rig.retrains.save(one.model_copy(update={"rule": airflow}))
    assert retrains_at(rig.ctx, "acme/fraud", "7") == []
    rig.retrains.save(one.model_copy(update={"state": "succeeded"}))
    assert retrains_at(rig.ctx, "acme/fraud", "7") == []
    for number in range(MOST + 5):
        rig.retrains.save(one.model_copy(update={"id": f"R{number:03}"}))
    assert len(retrains_at(rig.ctx, "acme/fraud", "7")) == MOST
