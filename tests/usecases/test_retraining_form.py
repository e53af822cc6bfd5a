"""The form behind Retrain: what would be started, or why not."""

from __future__ import annotations

import json

import pytest

from bot.adapters.slack_blocks.retrains import retrain_view
from bot.domain.commands import FillForm, Origin
from bot.domain.people import Person
from bot.domain.retrain_cards import RetrainForm
from tests.fakes.chat import View
from tests.usecases.retrain_rig import ANA, INCIDENT, RetrainRig

CID = Person(team="T0SANDBOX", user="U0CID")


@pytest.fixture
def rig() -> RetrainRig:
    return RetrainRig()


def fill(rig: RetrainRig, by: Person = ANA, **more: str) -> object:
    rig.chat.views["V1"] = View("h")
    ask = FillForm(by=by, origin=Origin(channel="C0DEPLOYS"), form="retrain", view_id="V1", view_hash="h")
    rig.run(ask.model_copy(update=more))
    return rig.chat.views["V1"].form


def test_the_form_names_what_would_be_started(rig: RetrainRig) -> None:
    form = fill(rig, change=INCIDENT)
    assert form == RetrainForm(
        "fraud, production", "train.yml of acme/fraud", "fraud", "production", INCIDENT, None, "C0DEPLOYS"
    )


@pytest.mark.parametrize(
    ("by", "more", "words"),
    [
        (CID, {"model": "fraud", "environment": "production"}, "You may not have fraud trained again"),
        (ANA, {"change": "01NOTHING"}, "This incident is not known here."),
        (ANA, {"model": "ltv", "environment": "production"}, "does not say how ltv is trained"),
    ],
    ids=["not allowed", "no incident", "no rule"],
)
def test_the_form_says_no_at_once(rig: RetrainRig, by: Person, more: dict[str, str], words: str) -> None:
    assert words in getattr(fill(rig, by, **more), "message", "")


def test_the_form_says_that_it_runs_already(rig: RetrainRig) -> None:
    rig.click()
    form = fill(rig, change=INCIDENT)
    assert isinstance(form, RetrainForm) and form.running == "country drifts"
    said = json.dumps(retrain_view(form))
    assert "fraud, production: train.yml of acme/fraud runs already (country drifts). You would hear" in said
