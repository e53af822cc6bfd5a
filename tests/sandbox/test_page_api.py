"""The page's own JSON, over the real workspace and forge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.page_bot import PROD, REPO
from tests.sandbox.page_support import World, serving


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with serving(tmp_path) as found:
        yield found


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=world.base, trust_env=False) as client:
        yield client


async def act(http: httpx.AsyncClient, name: str, **body: Any) -> httpx.Response:
    return await http.post(f"/page/api/{name}", json={"viewer": "U0ANA", **body})


async def state(http: httpx.AsyncClient, **query: str) -> dict[str, Any]:
    reply = await http.get("/page/api/state", params=query)
    assert reply.status_code == 200
    return reply.json()


async def test_the_first_paint_is_one_reply(http: httpx.AsyncClient) -> None:
    found = await state(http, viewer="U0BEN", channel=PROD)
    assert (found["viewer"], found["channel"], found["repo"]) == ("U0BEN", PROD, REPO)
    assert [persona["role"] for persona in found["personas"]] == ["requester", "reviewer", "reviewer", "outsider"]
    assert "/promote" in [command["command"] for command in found["commands"]]
    assert {"id": "U0SLACKOPS", "name": "slackops", "real_name": "SlackOps", "is_bot": True} in found["users"]
    assert found["groups"] == [{"id": "S0LEADS", "handle": "ml-leads"}]
    assert len(found["cluster"]) == 4
    assert (found["messages"], found["views"], found["pulls"], found["thread"]) == ([], [], [], None)


async def test_unknown_viewer_channel_and_thread_fall_back(http: httpx.AsyncClient) -> None:
    found = await state(http, viewer="U0NOBODY", channel="C0NOWHERE", thread="1.2")
    assert (found["viewer"], found["channel"], found["thread"]) == ("U0ANA", "C0DEPLOYS", None)


async def test_who_links_and_who_is_deactivated_is_shown(world: World, http: httpx.AsyncClient) -> None:
    assert (await state(http))["linked"] == []
    reply = await act(http, "change_member", user="U0CHLOE", deleted=True)
    assert reply.status_code == 200
    found = {user["id"]: user["deleted"] for user in (await state(http))["users"] if "deleted" in user}
    assert (found["U0CHLOE"], found["U0BEN"]) == (True, False)
    refused = await http.post("/page/api/slash", json={"viewer": "U0CHLOE", "channel": PROD, "text": "/models"})
    assert (refused.status_code, "deactivated" in refused.json()["error"]) == (400, True)
    await act(http, "change_member", user="U0CHLOE", deleted=False)
    assert not any(user.get("deleted") for user in (await state(http))["users"])
    assert (await act(http, "change_member", user="U0NOBODY", deleted=True)).status_code == 404


async def test_the_first_freeze_is_seen(world: World, http: httpx.AsyncClient) -> None:
    assert (await state(http))["frozen"] is False
    await world.github.push_file("slackops[bot]", REPO, "slackops-state", "freezes.json", b"[]", "Freeze")
    assert (await state(http))["frozen"] is True


async def test_a_command_reaches_the_app_and_its_card_the_channel(world: World, http: httpx.AsyncClient) -> None:
    reply = await act(http, "slash", channel=PROD, text="/promote fraud-detector 4 production")
    assert (reply.status_code, reply.json()["error"]) == (200, None)
    heard = await world.app_side.next()
    assert (heard["command"], heard["text"], heard["user_id"]) == ("/promote", "fraud-detector 4 production", "U0ANA")
    found = await state(http, channel=PROD)
    assert found["messages"][0]["blocks"][0]["text"]["text"].startswith("Review:")
    assert [pull["number"] for pull in found["pulls"]] == [1]


async def test_only_the_asker_sees_an_ephemeral_answer(http: httpx.AsyncClient) -> None:
    await act(http, "slash", channel=PROD, text="/models")
    assert (await state(http, viewer="U0ANA", channel=PROD))["messages"][0]["ephemeral"] is True
    assert (await state(http, viewer="U0BEN", channel=PROD))["messages"] == []


async def test_a_thread_has_its_parent_first(http: httpx.AsyncClient) -> None:
    ts = (await act(http, "post", channel=PROD, text="Ready?")).json()["ts"]
    await act(http, "post", channel=PROD, text="Yes.", thread_ts=ts, viewer="U0BEN")
    found = await state(http, channel=PROD, thread=ts)
    assert [message["text"] for message in found["thread"]["messages"]] == ["Ready?", "Yes."]
    assert [message["text"] for message in found["messages"]] == ["Ready?"]


async def test_a_form_is_opened_filled_and_sent(world: World, http: httpx.AsyncClient) -> None:
    await act(http, "slash", channel=PROD, text="/promote fraud-detector 4 production")
    ts = (await state(http, channel=PROD))["messages"][0]["ts"]
    await act(http, "click", channel=PROD, ts=ts, action_id="ask", value="01JH8Z")
    view = (await state(http))["views"][-1]
    values = {"model": "churn", "env": "production", "flags": "plan,notify", "note": "Go"}
    reply = await act(http, "submit", view_id=view["id"], values=values)
    assert reply.json()["error"] is None
    for _ in range(2):
        await world.app_side.next()
    sent = (await world.app_side.next())["view"]["state"]["values"]
    assert sent["model"]["model"]["selected_option"]["value"] == "churn"
    assert [option["value"] for option in sent["flags"]["flags"]["selected_options"]] == ["plan", "notify"]
    assert (await state(http))["views"] == []


async def test_a_pull_request_with_all_that_its_page_shows(world: World, http: httpx.AsyncClient) -> None:
    number = await world.open_pull()
    await act(http, "review", number=number, event="APPROVE", viewer="U0BEN")
    found = (await http.get(f"/page/api/pull/{number}")).json()
    assert found["pull"]["title"] == "Promote fraud-detector 3 → 4 in production"
    assert "+      storageUri: s3://mlflow/1/models/m-94ab07/artifacts" in found["diff"]
    assert [(s["context"], s["state"]) for s in found["statuses"]] == [
        ("slackops/approvals", "pending"),
        ("slackops/gates", "success"),
    ]
    assert [(run["name"], run["conclusion"]) for run in found["checks"]] == [("ci/lint", "failure")]
    assert [(review["user"], review["state"]) for review in found["reviews"]] == [("ben", "APPROVED")]
    assert [e["event"] for e in found["timeline"]] == ["opened", "committed", *["labeled"] * 3, "reviewed"]


async def test_the_forge_says_what_a_person_may_not_do(world: World, http: httpx.AsyncClient) -> None:
    number = await world.open_pull()
    refused = await act(http, "review", number=number, event="APPROVE", viewer="U0OSCAR")
    assert (refused.status_code, "oscar" in refused.json()["error"]) == (404, True)
    empty = await act(http, "review", number=number, event="REQUEST_CHANGES", viewer="U0BEN")
    assert empty.status_code == 422
    assert empty.json()["error"]
    assert (await act(http, "close_pull", number=number, viewer="U0BEN")).status_code == 200
    assert world.github.pull(REPO, number)["state"] == "closed"


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("fly", {}, 404),
        ("slash", {"viewer": "U0NOBODY", "channel": PROD, "text": "/models"}, 404),
        ("slash", {"channel": "C0NOWHERE", "text": "/models"}, 404),
        ("slash", {"channel": PROD}, 400),
        ("slash", {"channel": PROD, "text": 4}, 400),
        ("post", {"channel": PROD, "text": "x", "extra": 1}, 400),
        ("click", {"channel": PROD, "ts": "1.2", "action_id": "approve"}, 404),
        ("submit", {"view_id": "V0", "values": {}}, 404),
        ("close_view", {"view_id": "V0"}, 404),
        ("review", {"number": 99, "event": "APPROVE"}, 404),
        ("review", {"number": 99, "event": "MERGE"}, 400),
        ("close_pull", {"number": 99}, 404),
        ("break_version", {"model": "churn", "version": "99"}, 404),
        ("break_version", {"model": "churn"}, 400),
        ("break_version", {"viewer": "U0NOBODY", "model": "churn", "version": "16"}, 404),
        ("mend_version", {"model": "churn", "version": "16"}, 404),
    ],
)
async def test_what_cannot_be_done_is_refused_in_words(
    http: httpx.AsyncClient, name: str, body: dict[str, Any], status: int
) -> None:
    reply = await act(http, name, **body)
    assert reply.status_code == status
    assert reply.json()["error"]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"\xff", b"null"])
async def test_a_body_that_is_no_act_is_refused(http: httpx.AsyncClient, raw: bytes) -> None:
    reply = await http.post("/page/api/slash", content=raw, headers={"content-type": "application/json"})
    assert reply.status_code == 400


async def test_a_version_that_runs_is_broken_and_mended(world: World, http: httpx.AsyncClient) -> None:
    def health() -> str:
        return str(world.cluster.rows["churn", "production"]["health"])

    assert (await act(http, "break_version", model="churn", version="16")).status_code == 200
    assert health() == "Degraded"
    faults = (await state(http))["faults"]
    assert {(one["model"], one["version"]) for one in faults} == {("churn", "16"), ("churn", "18")}
    assert (await act(http, "mend_version", model="churn", version="16")).status_code == 200
    assert health() == "Healthy"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("train_version", {"model": "ltv", "kind": "good"}),
        ("set_alias", {"model": "ltv", "alias": "challenger", "version": "1"}),
        ("turn_ci", {"to": "red"}),
        ("send_window", {"model": "ltv", "condition": "drifting"}),
        ("storm", {"over": False}),
        ("turn_alert", {"model": "ltv", "fires": True}),
    ],
    ids=["train", "alias", "ci", "window", "storm", "alert"],
)
async def test_where_nothing_is_trained_nothing_is_shown_and_it_says_so(
    http: httpx.AsyncClient, name: str, body: dict[str, Any]
) -> None:
    found = await state(http)
    assert (found["models"], found["ci"], found["monitor"]) == ([], None, [])
    reply = await act(http, name, **body)
    assert reply.status_code == 404
    assert "here" in reply.json()["error"]


async def test_foreign_requests_change_nothing(world: World, http: httpx.AsyncClient) -> None:
    body = {"viewer": "U0ANA", "channel": PROD, "text": "planted"}
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert (await http.post("/page/api/post", json=body, headers=headers)).status_code in {403, 421}
        fault = {"viewer": "U0ANA", "model": "churn", "version": "16"}
        assert (await http.post("/page/api/break_version", json=fault, headers=headers)).status_code in {403, 421}
    assert len(world.cluster.faults()) == 1
    assert world.workspace.messages(PROD, "U0ANA") == []


async def test_pages_and_absent_pull_requests(http: httpx.AsyncClient) -> None:
    for path in ("/", f"/{REPO}/pull/7", f"/{REPO}/pull/7/files"):
        reply = await http.get(path)
        assert (reply.status_code, "text/html" in reply.headers["content-type"]) == (200, True)
    assert (await http.get("/page/api/pull/7")).status_code == 404
    assert (await http.get("/page/static/app.js")).headers["cache-control"] == "no-cache"
    assert (await http.get("/page/static/../app.py")).status_code == 404
