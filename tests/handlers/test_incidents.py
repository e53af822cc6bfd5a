"""The buttons, the menu and the form of an incident's card, and the command, through signed requests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.commands import CloseIncident, FillForm, Origin, Rollback, ShowIncident, SnoozeIncident, TakeIncident
from bot.domain.people import Person
from tests.support.slack_requests import SlackSide

ANA = Person(team="T0SANDBOX", user="U0ANA")
VALUE = json.dumps({"i": "01A", "do": "take"})


def menu(do: str, incident: str = "01A") -> dict[str, Any]:
    chosen = {"text": {"type": "plain_text", "text": do}, "value": json.dumps({"i": incident, "do": do})}
    return {"type": "overflow", "action_id": "incident.more", "selected_option": chosen}


def button(do: str, value: str = VALUE) -> dict[str, Any]:
    return {"type": "button", "action_id": f"incident.{do}", "value": value}


@pytest.mark.parametrize("action", [button("take"), menu("over"), menu("take")], ids=["take", "over", "menu"])
async def test_taking_it_is_written_down(action: dict[str, Any]) -> None:
    slack = SlackSide()
    await slack.click(action)
    (command,) = slack.intake.rows.values()
    assert isinstance(command, TakeIncident)
    assert (command.by, command.incident, command.storm) == (ANA, "01A", "")


@pytest.mark.parametrize("action", [button("details"), menu("details")], ids=["button", "menu"])
async def test_details_are_written_down(action: dict[str, Any]) -> None:
    slack = SlackSide()
    await slack.click(action)
    (command,) = slack.intake.rows.values()
    assert isinstance(command, ShowIncident)
    assert command.incident == "01A"


async def test_that_it_is_over_is_written_down() -> None:
    slack = SlackSide()
    await slack.click(menu("close"))
    (command,) = slack.intake.rows.values()
    assert isinstance(command, CloseIncident)
    assert (command.by, command.incident) == (ANA, "01A")


@pytest.mark.parametrize(
    ("action", "form"),
    [
        (button("snooze"), "snooze_incident"),
        (menu("snooze"), "snooze_incident"),
        (button("retrain"), "retrain"),
        (menu("retrain"), "retrain"),
    ],
)
async def test_a_form_that_knows_the_card(action: dict[str, Any], form: str) -> None:
    slack = SlackSide()
    await slack.click(action)
    (fill,) = slack.intake.rows.values()
    assert isinstance(fill, FillForm)
    assert (fill.form, fill.change, fill.view_id) == (form, "01A", "V1")


async def test_going_back_is_the_question_of_a_change() -> None:
    slack = SlackSide()
    value = json.dumps({"m": "fraud", "e": "production"})
    await slack.click({"type": "button", "action_id": "change.rollback", "value": value})
    (command,) = slack.intake.rows.values()
    assert isinstance(command, Rollback)
    assert (command.model, command.environment, command.confirm) == ("fraud", "production", True)


STRANGE = ["", "nonsense", "[]", '{"i": 7}', "{}", '{"do": "take"}']


@pytest.mark.parametrize("value", STRANGE)
@pytest.mark.parametrize("do", ["take", "snooze", "retrain", "details"])
async def test_a_value_that_is_not_ours_does_nothing(do: str, value: str) -> None:
    slack = SlackSide()
    answer = await slack.click(button(do, value))
    assert (answer.status_code, slack.intake.rows, slack.dialogs.opened) == (200, {}, [])


@pytest.mark.parametrize("do", ["", "drop", "open"])
async def test_an_entry_that_is_not_ours_does_nothing(do: str) -> None:
    slack = SlackSide()
    answer = await slack.click(menu(do))
    assert (answer.status_code, slack.intake.rows) == (200, {})


async def test_one_click_is_one_however_often_it_arrives() -> None:
    slack = SlackSide()
    await slack.click(button("take"))
    await slack.click(button("take"))
    assert len(slack.intake.rows) == 1


FORM = {"i": "01A", "ch": "C1"}


@pytest.mark.parametrize(
    ("values", "until", "reason"),
    [
        ({"span": "4h"}, "4h", None),
        ({"span": "4h", "until": "2026-12-24T18:00", "reason": "holidays"}, "2026-12-24T18:00", "holidays"),
        ({"until": "3d", "reason": " "}, "3d", None),
    ],
)
async def test_the_submitted_form(values: dict[str, str], until: str, reason: str | None) -> None:
    slack = SlackSide()
    await slack.submit("form.snooze_incident", values, FORM)
    (command,) = slack.intake.rows.values()
    origin = Origin(channel="C1")
    assert command == SnoozeIncident(by=ANA, origin=origin, incident="01A", until=until, reason=reason)


@pytest.mark.parametrize(
    ("values", "field", "word"),
    [
        ({}, "until", "Choose for how long"),
        ({"span": "4h", "until": "soon"}, "until", "is no time"),
        ({"span": "for ever"}, "span", "is no time"),
    ],
)
async def test_a_time_that_is_none_stands_beside_its_field(values: dict[str, str], field: str, word: str) -> None:
    slack = SlackSide()
    answer = await slack.submit("form.snooze_incident", {"span": "", "until": "", **values}, FORM)
    assert word in answer.json()["errors"][field]
    assert slack.intake.rows == {}


async def test_the_command() -> None:
    slack = SlackSide()
    await slack.slash("/slackops", "snooze fraud production 2h --reason known")
    (command,) = slack.intake.rows.values()
    assert isinstance(command, SnoozeIncident)
    assert (command.model, command.environment, command.until, command.reason) == ("fraud", "production", "2h", "known")
