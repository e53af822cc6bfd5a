"""What somebody is in the workspace, out of users.info."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.slack_chat.errors import SlackSays
from bot.adapters.slack_chat.standing import Standings, standing_of
from bot.domain.people import Person, Standing

HOME = {"id": "U1", "team_id": "T1"}


@pytest.mark.parametrize(
    ("user", "standing"),
    [
        (HOME, Standing.MEMBER),
        ({}, Standing.UNKNOWN),
        ({**HOME, "deleted": True, "is_bot": True}, Standing.DEACTIVATED),
        ({**HOME, "is_bot": True}, Standing.ROBOT),
        ({**HOME, "is_workflow_bot": True}, Standing.ROBOT),
        ({**HOME, "id": "USLACKBOT"}, Standing.ROBOT),
        ({**HOME, "is_restricted": True}, Standing.GUEST),
        ({**HOME, "is_ultra_restricted": True}, Standing.GUEST),
        ({**HOME, "is_stranger": True}, Standing.EXTERNAL),
        ({**HOME, "team_id": "T2"}, Standing.EXTERNAL),
        ({**HOME, "team_id": "T2", "enterprise_user": {"enterprise_id": "T1"}}, Standing.MEMBER),
        ({**HOME, "team_id": None}, Standing.EXTERNAL),
    ],
)
def test_the_first_that_fits(user, standing):
    assert standing_of(user, "T1") is standing


class Calls:
    """users.info, counted."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, 0

    def read(self, method: str, **_args: Any) -> Any:
        assert method == "users.info"
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def standings(answer: Any, **options: Any) -> tuple[Standings, Calls]:
    calls: Any = Calls(answer)
    return Standings(calls, **options), calls


def test_it_is_remembered_for_a_while_only():
    now = [0.0]
    found, calls = standings({"user": HOME}, keep=60.0, now=lambda: now[0] + 1000)
    who = Person(team="T1", user="U1")
    assert {found.of(who, "T1"), found.of(who, "T1")} == {Standing.MEMBER}
    assert calls.asked == 1
    now[0], calls.answer = 61.0, {"user": {**HOME, "deleted": True}}
    assert found.of(who, "T1") is Standing.DEACTIVATED


def test_an_equal_id_of_another_workspace_is_somebody_else():
    found, calls = standings({"user": HOME})
    assert found.of(Person(team="T2", user="U1"), "T1") is Standing.EXTERNAL
    assert calls.asked == 0


def test_nobody_is_unknown_and_a_missing_scope_is_told():
    who = Person(team="T1", user="U1")
    found, _ = standings(SlackSays("user_not_found", "", "users.info", ""))
    assert found.of(who, "T1") is Standing.UNKNOWN
    refused, _ = standings(SlackSays("missing_scope", "users:read", "users.info", ""))
    with pytest.raises(SlackSays, match="users:read"):
        refused.of(who, "T1")
