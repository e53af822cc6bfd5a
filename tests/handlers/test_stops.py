"""Freezes and bans through signed requests: what is written down, and which form opens."""

from __future__ import annotations

import json

import pytest

from bot.domain.commands import Ban, Command, FillForm, Freeze, ListStops, Origin, Unban, Unfreeze
from bot.domain.forms import LoadingForm
from bot.domain.people import Person
from tests.support.slack_requests import SlackSide

ANA = Person(team="T0SANDBOX", user="U0ANA")
HERE = Origin(channel="C0DEPLOYS", response_url="http://127.0.0.1:9/response")
ASKED = {"by": ANA, "origin": HERE}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("freeze production", Freeze(**ASKED, environment="production")),
        (
            "freeze m prod --until 2h --reason why not",
            Freeze(**ASKED, environment="prod", model="m", until="2h", reason="why not"),
        ),
        ("unfreeze m prod --reason x", Unfreeze(**ASKED, environment="prod", model="m", reason="x")),
        ("freezes", ListStops(**ASKED, what="freezes")),
        ("ban m v42 --reason x", Ban(**ASKED, model="m", version="42", reason="x")),
        ("ban m @champion", Ban(**ASKED, model="m", alias="champion")),
        ("unban m 42 --reason x", Unban(**ASKED, model="m", version="42", reason="x")),
        ("bans", ListStops(**ASKED, what="bans")),
    ],
)
async def test_commands(text: str, command: Command) -> None:
    slack = SlackSide()
    assert (await slack.slash("/slackops", text)).status_code == 200
    assert list(slack.intake.rows.values()) == [command]


@pytest.mark.parametrize(
    ("text", "form", "fields"),
    [
        ("freeze --until 2h", "freeze", {"until": "2h"}),
        ("ban m", "ban", {"model": "m"}),
    ],
)
async def test_a_missing_argument_opens_the_form(text: str, form: str, fields: dict[str, str]) -> None:
    slack = SlackSide()
    await slack.slash("/slackops", text)
    ((_, opened, _),) = slack.dialogs.opened
    assert isinstance(opened, LoadingForm)
    (fill,) = slack.intake.rows.values()
    assert fill == FillForm(**ASKED, form=form, view_id="V1", view_hash="h1", **fields)


@pytest.mark.parametrize("action", ["ban", "freeze"])
async def test_the_buttons_of_a_card_open_a_form(action: str) -> None:
    slack = SlackSide()
    await slack.click({"type": "button", "action_id": f"stop.{action}", "value": json.dumps({"c": "01JD"})})
    (fill,) = slack.intake.rows.values()
    assert isinstance(fill, FillForm)
    assert (fill.form, fill.change, fill.view_id) == (action, "01JD", "V1")


@pytest.mark.parametrize("value", ["", "nonsense", "[]", '{"c": 7}', '{"d": "x"}'])
async def test_a_value_that_is_not_ours_does_nothing(value: str) -> None:
    slack = SlackSide()
    answer = await slack.click({"type": "button", "action_id": "stop.ban", "value": value})
    assert answer.status_code == 200
    assert slack.intake.rows == {}
    assert slack.dialogs.opened == []


@pytest.mark.parametrize(
    ("form", "values", "command"),
    [
        ("freeze", {"environment": "p"}, Freeze(by=ANA, origin=Origin(channel="C1"), environment="p")),
        (
            "freeze",
            {"environment": "p", "model": "m", "until": "2026-12-24T18:00", "reason": "x"},
            Freeze(
                by=ANA, origin=Origin(channel="C1"), environment="p", model="m", until="2026-12-24T18:00", reason="x"
            ),
        ),
        ("ban", {"model": "m", "version": "v42"}, Ban(by=ANA, origin=Origin(channel="C1"), model="m", version="42")),
        ("ban", {"model": "m", "version": "@old"}, Ban(by=ANA, origin=Origin(channel="C1"), model="m", alias="old")),
    ],
)
async def test_submitted_forms(form: str, values: dict[str, str], command: Command) -> None:
    slack = SlackSide()
    answer = await slack.submit(f"form.{form}", values, {"ch": "C1"})
    assert (answer.status_code, list(slack.intake.rows.values())) == (200, [command])


@pytest.mark.parametrize(
    ("form", "values", "field", "word"),
    [
        ("freeze", {"environment": ""}, "environment", "Fill this in"),
        ("freeze", {"environment": "p", "until": "soon"}, "until", "is no time"),
        ("ban", {"model": "m", "version": "latest"}, "version", "name the version"),
        ("ban", {"model": "m", "version": "4/5"}, "version", "is no version name"),
    ],
)
async def test_what_is_wrong_stands_beside_the_field(form: str, values: dict[str, str], field: str, word: str) -> None:
    slack = SlackSide()
    answer = await slack.submit(f"form.{form}", values, {"ch": "C1"})
    assert word in answer.json()["errors"][field]
    assert slack.intake.rows == {}
