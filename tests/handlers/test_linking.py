"""`GET /link/…`, and who left: what HTTP and Slack bring, and what leaves again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette

from bot.domain.commands import ConfirmLink, Leave, Link, Unlink
from bot.domain.people import Person
from bot.ports.signin import Onward, Shown
from bot.signals import membership
from handlers.linking import MOST, link_routes
from tests.support.slack_requests import TEAM, SlackSide

EVIL = '"><script>alert(1)</script>'


@dataclass
class Steps:
    """Notes what it was asked; ``found`` is what it answers."""

    found: Onward | Shown = field(default_factory=lambda: Onward("https://slack.test/authorize?state=s", "c1"))
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def begin(self, ticket: str, cookie: str) -> Onward | Shown:
        self.asked.append(("begin", ticket, cookie))
        return self.found

    def slack(self, code: str, state: str, error: str, cookie: str) -> Onward | Shown:
        self.asked.append(("slack", code, state, error, cookie))
        return self.found

    def github(self, code: str, state: str, error: str, cookie: str) -> Onward | Shown:
        self.asked.append(("github", code, state, error, cookie))
        return self.found


def browser(steps: Steps, *, secure: bool = True) -> httpx.AsyncClient:
    app = Starlette(routes=list(link_routes(steps, secure=secure)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://bot.test")


@pytest.mark.parametrize("secure", [True, False])
async def test_the_cookie_is_bound_to_the_browser_and_never_read_by_a_page(secure: bool) -> None:
    async with browser(Steps(), secure=secure) as client:
        answer = await client.get("/link/start?t=T")
    assert (answer.status_code, answer.headers["location"]) == (303, "https://slack.test/authorize?state=s")
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("slackops_link=c1", "httponly", "samesite=lax", "path=/link", "max-age=600"))
    assert ("secure" in cookie) == secure


async def test_what_the_browser_brings_is_handed_on() -> None:
    steps = Steps()
    async with browser(steps) as client:
        client.cookies.set("slackops_link", "c1")
        await client.get("/link/start?t=T")
        await client.get("/link/slack?code=C&state=S")
        await client.get("/link/github?error=access_denied&state=S&installation_id=7")
    assert steps.asked == [
        ("begin", "T", "c1"),
        ("slack", "C", "S", "", "c1"),
        ("github", "", "S", "access_denied", "c1"),
    ]


@pytest.mark.parametrize(
    "query", ["", "?t=", "?t=a&t=b", f"?t={'x' * (MOST + 1)}"], ids=["none", "empty", "two", "long"]
)
async def test_odd_parameters_are_none(query: str) -> None:
    steps = Steps()
    async with browser(steps) as client:
        await client.get(f"/link/start{query}")
    assert steps.asked == [("begin", "", "")]


async def test_whoever_only_looks_uses_nothing_up() -> None:
    steps = Steps()
    async with browser(steps) as client:
        answers = [await client.request(verb, "/link/start?t=T") for verb in ("HEAD", "POST", "OPTIONS")]
    assert [answer.status_code for answer in answers] == [405, 405, 405]
    assert steps.asked == []


@pytest.mark.parametrize(("ok", "status"), [(True, 200), (False, 400)])
async def test_pages_are_escaped_unframed_and_kept_nowhere(ok: bool, status: int) -> None:
    async with browser(Steps(Shown(EVIL, EVIL, ok))) as client:
        answer = await client.get("/link/start")
    assert answer.status_code == status
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"


ANA, BEN = (Person(team="T0SANDBOX", user=user) for user in ("U0ANA", "U0BEN"))


async def user_change(slack: SlackSide, user: object) -> int:
    body = {**TEAM, "type": "event_callback", "event_id": "Ev9", "authorizations": []}
    event = {"type": "user_change", "user": user}
    return (await slack.send(json.dumps({**body, "event": event}), "application/json")).status_code


@pytest.mark.parametrize(
    ("user", "leaves"),
    [
        ({"id": "U0BEN", "deleted": True}, True),
        ({"id": "U0BEN", "deleted": False}, False),
        ({"id": "U0BEN", "deleted": "yes"}, False),
        ({"deleted": True}, False),
        ("U0BEN", False),
        (None, False),
    ],
)
async def test_only_a_deactivation_is_written_down(user: object, leaves: bool) -> None:
    slack = SlackSide()
    assert await user_change(slack, user) == 200
    expected = {"slack:event:Ev9": Leave(person=BEN, why="deactivated in Slack")} if leaves else {}
    assert slack.intake.rows == expected


async def test_link_and_unlink_are_commands() -> None:
    slack = SlackSide()
    for number, text in enumerate(("link", "link --device", "unlink")):
        assert (await slack.slash("/slackops", text, f"1.{number}")).text == ""
    one, two, three = slack.intake.rows.values()
    assert isinstance(one, Link)
    assert isinstance(two, Link)
    assert (one.by, one.device, two.device, type(three)) == (ANA, False, True, Unlink)
    assert "one argument too many" in (await slack.slash("/slackops", "link ben", "1.9")).text


@pytest.mark.parametrize("value", ["", "{}", "[]", '{"t": "T0SANDBOX", "u": "U0BEN"}', '{"t": 1, "u": 2, "l": 3}'])
async def test_a_button_that_is_not_ours_confirms_nothing(value: str) -> None:
    slack = SlackSide()
    assert (await slack.click({"action_id": "link.confirm", "type": "button", "value": value})).status_code == 200
    assert slack.intake.rows == {}


async def test_confirm_names_the_person_and_the_account() -> None:
    slack = SlackSide()
    value = json.dumps({"t": "T0SANDBOX", "u": "U0BEN", "l": "ben"})
    await slack.click({"action_id": "link.confirm", "type": "button", "value": value})
    (command,) = slack.intake.rows.values()
    assert isinstance(command, ConfirmLink)
    assert (command.by, command.person, command.login) == (ANA, BEN, "ben")


def removed(**change: object) -> dict[str, object]:
    user = {"login": "ben", "id": 1002}
    return {"action": "member_removed", "organization": {"login": "Acme"}, "membership": {"user": user}, **change}


@pytest.mark.parametrize(
    "payload",
    [
        removed(action="member_added"),
        removed(organization={"login": "other"}),
        removed(organization=None),
        removed(membership={"user": {"login": 7}}),
        removed(membership=[]),
        "text",
        None,
    ],
)
def test_what_is_no_leaving_of_ours(payload: object) -> None:
    assert membership.parse(payload, "acme") is None


def test_who_was_removed_from_the_organisation() -> None:
    leave = membership.parse(removed(), "acme")
    assert leave is not None
    assert (leave.login, leave.account) == ("ben", 1002)
