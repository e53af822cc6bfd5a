"""Who may call: tokens, Apps, rights, limits, ETags, and the tests' own hooks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from github import GithubException, GithubIntegration

from bot.sandbox.hooks import Call, Refuse
from tests.sandbox.test_github_support import INSTALLATION, REPO, World, run, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        (None, "/user", 401),
        (None, f"/repos/{REPO}", 404),
        ("oscar", f"/repos/{REPO}", 404),
        ("oscar", f"/repos/{REPO}/pulls", 404),
        ("dora", f"/repos/{REPO}", 200),
        ("ana", f"/repos/{REPO}/branches/main/protection", 403),
        ("root", f"/repos/{REPO}/branches/main/protection", 404),
        ("ana", "/repos/acme/nothing", 404),
        ("ana", "/nowhere", 404),
        (None, "/meta", 200),
    ],
)
async def test_who_sees_what(world: World, login: str | None, path: str, status: int) -> None:
    assert (await world.request("GET", path, login)).status_code == status


async def test_an_unknown_token_is_bad_credentials(world: World) -> None:
    reply = await world.request("GET", "/user", None, headers={"Authorization": "token ghp_wrong"})
    assert (reply.status_code, reply.json()["message"]) == (401, "Bad credentials")


async def test_malformed_bodies_are_refused(world: World) -> None:
    path = f"/repos/{REPO}/pulls"
    assert (await world.request("POST", path, content=b"{")).status_code == 400
    assert (await world.request("POST", path, content=b"[1]")).status_code == 422
    assert (await world.request("POST", path, json={"title": 1, "head": [], "base": {}})).status_code == 422


async def test_an_app_gets_installation_tokens(world: World) -> None:
    auth = world.app_auth().get_installation_auth(INSTALLATION)
    client = world.with_auth(auth)
    repo = await run(client.get_repo, REPO)
    await world.change("promote")
    pull = await run(repo.create_pull, base="main", head="promote", title="T")
    assert (pull.user.login, pull.user.type) == ("slackops[bot]", "Bot")
    with pytest.raises(GithubException) as refused:
        await run(pull.create_review, event="APPROVE")
    assert refused.value.status == 422
    integration = GithubIntegration(auth=world.app_auth(), base_url=world.api)
    assert (await run(integration.get_app)).slug == "slackops"
    assert (await run(integration.get_repo_installation, "acme", "ml-deployments")).id == INSTALLATION
    reply = await world.request("GET", "/user", None, headers={"Authorization": f"Bearer {auth.token}"})
    assert reply.status_code == 403
    reply = await world.request("POST", f"/app/installations/{INSTALLATION}/access_tokens", "root")
    assert (reply.status_code, reply.json()["message"]) == (401, "A JSON web token could not be decoded")


async def test_installation_tokens_expire_and_can_be_narrow(tmp_path: Path) -> None:
    async with running(tmp_path, installation_token_seconds=0) as world:
        path = f"/app/installations/{INSTALLATION}/access_tokens"
        bearer = {"Authorization": f"Bearer {world.app_auth().token}"}
        token = (await world.request("POST", path, None, headers=bearer, json={})).json()["token"]
        reply = await world.request("GET", f"/repos/{REPO}", None, headers={"Authorization": f"token {token}"})
        assert reply.status_code == 401
    async with running(tmp_path / "other") as world:
        bearer = {"Authorization": f"Bearer {world.app_auth().token}"}
        wanted = {"permissions": {"contents": "read"}, "repositories": ["ml-deployments"]}
        reply = await world.request("POST", path, None, headers=bearer, json=wanted)
        narrow = {"Authorization": f"token {reply.json()['token']}"}
        assert (
            await world.request("GET", f"/repos/{REPO}/contents/README.md", None, headers=narrow)
        ).status_code == 200
        assert (await world.request("GET", f"/repos/{REPO}/pulls", None, headers=narrow)).status_code == 403


@pytest.mark.parametrize("token", ["a.b.c", "e30.e30.e30", "eyJhbGciOiJub25lIn0.eyJpc3MiOiI0NzExIn0."])
async def test_forged_app_tokens_are_refused(world: World, token: str) -> None:
    reply = await world.request("GET", "/app", None, headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code in {401, 404}


async def test_unchanged_answers_are_free(world: World) -> None:
    path = f"/repos/{REPO}/pulls"
    first = await world.request("GET", path)
    second = await world.request("GET", path, headers={"If-None-Match": first.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
    await world.pull()
    third = await world.request("GET", path, headers={"If-None-Match": first.headers["etag"]})
    assert third.status_code == 200


async def test_rate_limits(tmp_path: Path) -> None:
    async with running(tmp_path, rate_limit=2) as world:
        codes = [(await world.request("GET", f"/repos/{REPO}")).status_code for _ in range(3)]
        assert codes == [200, 200, 403]
        reply = await world.request("GET", f"/repos/{REPO}")
        assert reply.json()["message"].startswith("API rate limit exceeded")
        assert reply.headers["x-ratelimit-remaining"] == "0"
        assert (await run(world.client("ana").get_rate_limit)).resources.core.remaining == 2


async def test_content_limits_when_enforced(tmp_path: Path) -> None:
    async with running(tmp_path, content_limits=True) as world:
        world.github.limits.per_minute = 2
        number = await world.pull()
        path = f"/repos/{REPO}/issues/{number}/comments"
        replies = [await world.request("POST", path, json={"body": "x"}) for _ in range(3)]
        assert [one.status_code for one in replies] == [201, 201, 403]
        assert 0 < int(replies[2].headers["retry-after"]) <= 60
        assert "secondary rate limit" in replies[2].json()["message"]


async def test_hooks_see_every_request_and_may_refuse(world: World) -> None:
    number = await world.pull()
    log: list[tuple[str, str, str]] = []

    async def watch(phase: str, call: Call) -> None:
        log.append((phase, call.name, call.actor))
        if phase == "after" and call.args.get("body") == "refuse me":
            raise Refuse(502, {"message": "Server Error"}, {"Retry-After": "1"})

    world.hooks.items.append(watch)
    path = f"/repos/{REPO}/issues/{number}/comments"
    reply = await world.request("POST", path, "ana", json={"body": "refuse me"})
    assert (reply.status_code, reply.headers["retry-after"]) == (502, "1")
    assert log == [("before", f"POST {path}", "ana"), ("after", f"POST {path}", "ana")]
    assert len(world.github.comments(REPO, number)) == 1, "refused after the effect"
