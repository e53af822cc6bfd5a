"""Git itself: clone, push, branch rules, and what a push causes."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.sandbox.hooks import Call, Refuse
from tests.sandbox.test_github_support import FILE, REPO, TOKENS, World, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


async def commit(world: World, folder: Path, text: str, path: str = FILE) -> str:
    (folder / path).write_text(text)
    await world.git("commit", "--quiet", "--all", "--message", text, cwd=folder)
    return (await world.git("rev-parse", "HEAD", cwd=folder)).strip()


async def test_clone_push_fetch(world: World) -> None:
    work = await world.clone()
    assert (work / FILE).read_text() == "uri: s3://models/41\n"
    await world.git("checkout", "-b", "slackops/promote/x-1", cwd=work)
    sha = await commit(world, work, "new")
    await world.git("push", "origin", "HEAD", cwd=work)
    assert world.github.head(REPO, "slackops/promote/x-1") == sha
    body = await world.receiver.wait("push", count=2)
    assert (body["ref"], body["after"], body["created"]) == ("refs/heads/slackops/promote/x-1", sha, True)
    assert body["commits"][0]["modified"] == [FILE]
    assert body["pusher"]["name"] == "slackops[bot]"
    await world.change("main", b"uri: s3://models/50\n", "ana")
    await world.git("fetch", "origin", cwd=work)
    assert (await world.git("rev-parse", "origin/main", cwd=work)).strip() == world.github.head(REPO)


async def test_a_big_push_and_a_shallow_filtered_clone(world: World) -> None:
    work = await world.clone()
    for number in range(40):
        (work / f"big-{number}.bin").write_bytes(bytes((number * at) % 251 for at in range(60_000)))
    await world.git("add", ".", cwd=work)
    await commit(world, work, "big")
    await world.git("-c", "http.postBuffer=65536", "push", "origin", "main", cwd=work)
    await world.git("clone", "--quiet", "--depth", "1", "--filter=blob:none", "--no-checkout", world.remote(), "thin")
    assert (await world.git("ls-tree", "--name-only", "HEAD", cwd=world.folder / "thin")).count("big-") == 40


@pytest.mark.parametrize(
    ("token", "status"),
    [(None, 401), ("ghp_wrong", 401), (TOKENS["oscar"], 404), (TOKENS["dora"], 403), (TOKENS["ana"], 200)],
)
async def test_who_may_push(world: World, token: str | None, status: int) -> None:
    async with httpx.AsyncClient(trust_env=False, auth=("x-access-token", token) if token else None) as client:
        url = f"{world.url}/sandbox/github/{REPO}.git/info/refs"
        reply = await client.get(url, params={"service": "git-receive-pack"})
    assert reply.status_code == status
    assert ("www-authenticate" in reply.headers) is (status == 401)


async def test_readers_may_clone(world: World) -> None:
    await world.clone("dora")


async def test_gzip_bodies_are_read(world: World) -> None:
    body = b"0014command=ls-refs\n0000"
    headers = {
        "Git-Protocol": "version=2",
        "Content-Encoding": "gzip",
        "Content-Type": "application/x-git-upload-pack-request",
    }
    async with httpx.AsyncClient(trust_env=False, auth=("ana", TOKENS["ana"])) as client:
        url = f"{world.url}/sandbox/github/{REPO}.git/git-upload-pack"
        reply = await client.post(url, content=gzip.compress(body), headers=headers)
    assert f"{world.github.head(REPO)} refs/heads/main".encode() in reply.content


async def test_a_push_moves_the_pull_request(world: World) -> None:
    number = await world.pull()
    work = await world.clone()
    await world.git("checkout", "promote", cwd=work)
    before = (await world.git("rev-parse", "HEAD", cwd=work)).strip()
    after = await commit(world, work, "again")
    await world.git("push", cwd=work)
    body = await world.receiver.wait("pull_request", "synchronize")
    assert (body["before"], body["after"], body["pull_request"]["head"]["sha"]) == (before, after, after)
    assert world.github.pull(REPO, number)["commits"] == 2
    await world.git("commit", "--amend", "--message", "rewritten", cwd=work)
    await world.git("push", "--force", cwd=work)
    assert "head_ref_force_pushed" in [one["event"] for one in world.github.timeline(REPO, number)]


async def test_a_protected_branch_refuses_force_and_deletion(world: World) -> None:
    rule = dict.fromkeys(("required_status_checks", "required_pull_request_reviews", "restrictions")) | {
        "enforce_admins": True
    }
    world.github.protect(REPO, "main", rule)
    work = await world.clone()
    await commit(world, work, "plain")
    await world.git("push", cwd=work)
    await world.git("commit", "--amend", "--message", "rewritten", cwd=work)
    assert "Cannot force-push" in await world.git("push", "--force", cwd=work, ok=False)
    assert "Cannot delete" in await world.git("push", "origin", ":main", cwd=work, ok=False)


async def test_where_pull_requests_are_required_nobody_pushes(world: World) -> None:
    world.github.set_rules(REPO, "main", [{"type": "pull_request"}])
    work = await world.clone()
    await commit(world, work, "direct")
    output = await world.git("push", "origin", "main", "main:side", cwd=work, ok=False)
    assert "GH006: Protected branch update failed for refs/heads/main" in output
    assert "Changes must be made through a pull request." in output
    assert world.github.head(REPO, "side")
    assert world.github.head(REPO, "side") != world.github.head(REPO)


async def test_a_head_that_reaches_the_base_is_merged(world: World) -> None:
    number = await world.pull()
    work = await world.clone()
    await world.git("merge", "--no-ff", "--message", "By hand", "origin/promote", cwd=work)
    await world.git("push", cwd=work)
    shown = world.github.pull(REPO, number)
    assert (shown["state"], shown["merged"], shown["merged_by"]["login"]) == ("closed", True, "slackops[bot]")
    assert shown["merge_commit_sha"] == world.github.head(REPO)
    assert (shown["commits"], shown["changed_files"]) == (1, 1)
    body = await world.receiver.wait("pull_request", "closed")
    assert body["pull_request"]["merged"] is True


async def test_deleting_the_head_branch_closes(world: World) -> None:
    number = await world.pull()
    work = await world.clone()
    await world.git("push", "origin", ":promote", cwd=work)
    assert world.github.pull(REPO, number)["state"] == "closed"
    reply = await world.request("PATCH", f"/repos/{REPO}/pulls/{number}", json={"state": "open"})
    assert reply.status_code == 422
    assert "+uri" in world.github.diff(REPO, number)


async def test_hooks_see_and_refuse_pushes(world: World) -> None:
    work = await world.clone()
    sha = await commit(world, work, "seen")
    seen: list[tuple[str, Call]] = []

    async def watch(phase: str, call: Call) -> None:
        if call.name == "push":
            seen.append((phase, call))

    world.hooks.items.append(watch)
    await world.git("push", cwd=work)
    assert [phase for phase, _ in seen] == ["before", "after"]
    call = seen[0][1]
    assert (call.service, call.actor, call.args["repo"]) == ("git", "slackops[bot]", REPO)
    assert call.args["refs"][0]["new"] == sha

    async def refuse(phase: str, call: Call) -> None:
        if call.name == "push" and phase == "before":
            raise Refuse(503, {"message": "down"})

    world.hooks.items.append(refuse)
    await commit(world, work, "refused")
    assert "503" in await world.git("push", cwd=work, ok=False)
    assert world.github.head(REPO) == sha


async def test_malformed_requests_are_no_server_errors(world: World) -> None:
    async with httpx.AsyncClient(trust_env=False, auth=("ana", TOKENS["ana"])) as client:
        root = f"{world.url}/sandbox/github/{REPO}.git"
        assert (await client.post(f"{root}/git-receive-pack", content=b"nonsense")).status_code == 400
        assert (await client.get(f"{root}/HEAD")).status_code == 403
        assert (await client.get(f"{root}/info/refs", params={"service": "git-evil"})).status_code == 403
