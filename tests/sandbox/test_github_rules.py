"""What branch rules add: code owners, signed commits; and what the App's settings and the organisation tell it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.github.codeowners import owners_of
from tests.sandbox.test_github_support import INSTALLATION, REPO, World, run, running

OWNERS = b"""# comment
*            @ana
/models/     @acme/ml-leads  # the leads
models/churn/staging/ @dora
*.md
docs/*       @ben
deploy/**/x.yaml @chloe
"""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


def protection(**fields: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("required_status_checks", "required_pull_request_reviews", "restrictions"))
    return {**empty, "enforce_admins": True, **fields}


OWNED = {"require_code_owner_reviews": True, "required_approving_review_count": 0}


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("setup.py", ("@ana",)),
        ("models/fraud/x.yaml", ("@acme/ml-leads",)),
        ("deep/models/x.yaml", ("@ana",)),
        ("models/churn/staging/values.yaml", ("@dora",)),
        ("models/README.md", ()),
        ("docs/a.txt", ("@ben",)),
        ("docs/deep/a.txt", ("@ana",)),
        ("deploy/a/b/x.yaml", ("@chloe",)),
        ("deploy/x.yaml", ("@chloe",)),
    ],
)
async def test_the_last_pattern_that_fits_names_the_owners(world: World, path: str, owners: tuple[str, ...]) -> None:
    await world.github.push_file("root", REPO, "main", ".github/CODEOWNERS", OWNERS, "Owners")
    head = world.github.head(REPO)
    assert head
    assert owners_of(world.github._forge.repo(REPO), head, [path]) == [owners]


async def test_a_code_owner_must_agree(world: World) -> None:
    await world.github.push_file("root", REPO, "main", "CODEOWNERS", b"models/ @acme/ml-leads\n", "Owners")
    number = await world.pull(login="ana")
    world.github.protect(REPO, "main", protection(required_pull_request_reviews=OWNED))
    await world.github.review("dora", REPO, number, "APPROVE")
    path = f"/repos/{REPO}/pulls/{number}/merge"
    reply = await world.request("PUT", path, json={})
    expected = "Waiting on code owner review from acme/ml-leads."
    assert (reply.status_code, reply.json()["message"]) == (405, expected)
    await world.github.review("chloe", REPO, number, "APPROVE")
    assert (await world.request("PUT", path, json={})).status_code == 200


async def commit_of(world: World, headers: dict[str, str], **fields: Any) -> dict[str, Any]:
    git = f"/repos/{REPO}/git"
    head = world.github.head(REPO)
    entry = {"path": "new.txt", "mode": "100644", "content": "x\n"}
    tree = await world.request("POST", f"{git}/trees", None, headers=headers, json={"base_tree": head, "tree": [entry]})
    body = {"message": "New", "tree": tree.json()["sha"], "parents": [head], **fields}
    return dict((await world.request("POST", f"{git}/commits", None, headers=headers, json=body)).json())


async def test_the_app_s_own_commits_are_signed_and_others_are_not(world: World) -> None:
    token = world.app_auth().get_installation_auth(INSTALLATION)
    await run(world.with_auth(token).get_repo, REPO)
    app = {"Authorization": f"Bearer {token.token}"}
    signed = await commit_of(world, app)
    assert (signed["verification"]["verified"], signed["author"]["name"]) == (True, "SlackOps")
    named = await commit_of(world, app, author={"name": "Me", "email": "me@x.io"})
    assert named["verification"]["reason"] == "unsigned"
    assert not (await commit_of(world, {"Authorization": "Bearer ghp_ana"}))["verification"]["verified"]
    world.github.protect(REPO, "main", protection(required_signatures=True))
    for sha, status in ((named["sha"], 405), (signed["sha"], 200)):
        ref = {"ref": f"refs/heads/b{status}", "sha": sha}
        assert (await world.request("POST", f"/repos/{REPO}/git/refs", json=ref)).status_code == 201
        number = await world.github.open_pull("ana", REPO, f"b{status}", "main", "T")
        reply = await world.request("PUT", f"/repos/{REPO}/pulls/{number}/merge", json={})
        assert reply.status_code == status, reply.json()
    seen = await world.request("GET", f"/repos/{REPO}/branches/main/protection", "root")
    assert seen.json()["required_signatures"]["enabled"] is True


async def test_whoever_leaves_the_organisation_is_told_of_once(world: World) -> None:
    for member in (False, False, True):
        world.github.set_member("acme", "ben", member)
    told = await world.receiver.wait("organization", "member_added")
    assert told["membership"]["user"]["login"] == "ben"
    assert len(world.receiver.all("organization", "member_removed")) == 1
    assert "repository" not in told
    world.github.set_member("acme", "ben", False)
    assert (await world.request("GET", "/orgs/acme/members/ben")).status_code == 404


async def test_the_app_s_settings_can_be_changed(world: World) -> None:
    bearer = {"Authorization": f"Bearer {world.app_auth().token}"}
    world.github.set_app({"metadata": "read", "contents": "read"}, ("push",))
    seen = (await world.request("GET", f"/repos/{REPO}/installation", None, headers=bearer)).json()
    assert (seen["permissions"], seen["events"]) == ({"metadata": "read", "contents": "read"}, ["push"])
    assert (await world.request("GET", "/app", None, headers=bearer)).json()["events"] == ["push"]
    path = f"/app/installations/{INSTALLATION}/access_tokens"
    token = (await world.request("POST", path, None, headers=bearer, json={})).json()["token"]
    app = {"Authorization": f"Bearer {token}"}
    assert (await world.request("GET", "/orgs/acme/members", None, headers=app)).status_code == 403
    await world.pull()
    await world.receiver.wait("push")
    await world.github.webhooks.drain()
    assert world.receiver.all("pull_request") == [], "it no longer subscribes to them"
