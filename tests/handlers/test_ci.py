"""The buttons and the form of CI through signed requests; and its webhooks."""

from __future__ import annotations

import json

import pytest

from bot.domain.commands import FillForm, LookCi, Nudge, Origin, RerunCi, SnoozeCi
from bot.domain.people import Person
from tests.handlers.test_webhooks import Hooked
from tests.support.slack_requests import SlackSide

ANA = Person(team="T0SANDBOX", user="U0ANA")
SHA = "a" * 40
VALUE = json.dumps({"r": "acme/x", "s": SHA})
CHECK = {"action": "completed", "check_run": {"head_sha": SHA, "pull_requests": []}}
OURS, OTHER = ({"repository": {"full_name": name}} for name in ("acme/ml-deployments", "acme/training"))


async def test_run_again_is_written_down() -> None:
    slack = SlackSide()
    await slack.click({"type": "button", "action_id": "ci.rerun", "value": VALUE})
    (command,) = slack.intake.rows.values()
    assert isinstance(command, RerunCi)
    assert (command.by, command.repo, command.sha, command.gate) == (ANA, "acme/x", SHA, "")


async def test_snooze_opens_a_form_that_knows_the_card() -> None:
    slack = SlackSide()
    await slack.click({"type": "button", "action_id": "ci.snooze", "value": VALUE})
    (fill,) = slack.intake.rows.values()
    assert isinstance(fill, FillForm)
    assert (fill.form, fill.model, fill.version, fill.view_id) == ("snooze_ci", "acme/x", SHA, "V1")


@pytest.mark.parametrize("value", ["", "nonsense", "[]", '{"r": 7}', '{"r": "x"}'])
@pytest.mark.parametrize("action", ["ci.rerun", "ci.snooze"])
async def test_a_value_that_is_not_ours_does_nothing(action: str, value: str) -> None:
    slack = SlackSide()
    answer = await slack.click({"type": "button", "action_id": action, "value": value})
    assert (answer.status_code, slack.intake.rows, slack.dialogs.opened) == (200, {}, [])


async def test_the_submitted_form() -> None:
    slack = SlackSide()
    values = {"gate": "*", "until": "2h", "reason": "known"}
    await slack.submit("form.snooze_ci", values, {"ch": "C1", "r": "acme/x", "s": SHA})
    (command,) = slack.intake.rows.values()
    wanted = SnoozeCi(by=ANA, origin=Origin(channel="C1"), repo="acme/x", sha=SHA, gate="*", until="2h", reason="known")
    assert command == wanted


@pytest.mark.parametrize(("until", "word"), [("soon", "is no time"), ("", "Fill this in")])
async def test_a_time_that_is_none_stands_beside_the_field(until: str, word: str) -> None:
    slack = SlackSide()
    answer = await slack.submit("form.snooze_ci", {"gate": "*", "until": until}, {"r": "acme/x", "s": SHA})
    assert word in answer.json()["errors"]["until"]


async def test_a_check_of_the_deployment_repo_is_a_nudge_and_a_look() -> None:
    hooked = Hooked()
    assert await hooked.post(CHECK | OURS, event="check_run") == 202
    assert await hooked.post(CHECK | OURS, event="check_run") == 202
    rows = {row.key: row for row in (hooked.inbox.claim("w", 30), hooked.inbox.claim("w", 30)) if row}
    assert rows["github:d-1"].command == Nudge(source="github", shas=(SHA,))
    assert rows["github:d-1:ci"].command == LookCi(repo="acme/ml-deployments", sha=SHA)
    assert hooked.inbox.claim("w", 30) is None
    assert hooked.counted == [("github", "accepted"), ("github", "repeated")]
    await hooked.client.aclose()


async def test_a_check_of_another_repository_is_a_look_alone() -> None:
    hooked = Hooked()
    await hooked.post(CHECK | OTHER, event="check_run")
    [record] = hooked.inbox.records
    assert record.key == "github:d-1:ci"
    await hooked.client.aclose()
