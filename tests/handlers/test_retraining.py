"""The form of a retraining, submitted through a signed request."""

from __future__ import annotations

import pytest

from bot.domain.commands import Origin, Retrain
from bot.domain.people import Person
from tests.support.slack_requests import SlackSide

ANA = Person(team="T0SANDBOX", user="U0ANA")
ABOUT = {"ch": "C1", "m": "fraud", "e": "production", "i": "01I"}


async def test_the_submitted_form() -> None:
    slack = SlackSide()
    await slack.submit("form.retrain", {"reason": "it drifts"}, ABOUT)
    (command,) = slack.intake.rows.values()
    wanted = Retrain(by=ANA, model="fraud", environment="production", incident="01I", reason="it drifts")
    assert command == wanted.model_copy(update={"origin": Origin(channel="C1")})


@pytest.mark.parametrize(("reason", "word"), [("", "Fill this in"), (" ", "Fill this in"), ("x" * 2001, "At most")])
async def test_a_reason_is_needed(reason: str, word: str) -> None:
    slack = SlackSide()
    answer = await slack.submit("form.retrain", {"reason": reason}, ABOUT)
    assert word in answer.json()["errors"]["reason"]
    assert slack.intake.rows == {}
