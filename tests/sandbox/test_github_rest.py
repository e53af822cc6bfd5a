"""The rest of the REST API: people, files, the Git database, statuses, checks, deployments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from github import GithubException, InputGitAuthor, InputGitTreeElement, UnknownObjectException
from github.ContentFile import ContentFile

from tests.sandbox.test_github_support import APP_ID, FILE, INSTALLATION, REPO, World, run, running


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(tmp_path) as found:
        yield found


async def test_people_and_their_rights(world: World) -> None:
    client = world.client("ana")
    me = await run(client.get_user)
    assert await run(lambda: (me.login, me.name)) == ("ana", "Ana")
    repo = await world.repo("ana")
    assert (repo.permissions.push, repo.permissions.admin, repo.default_branch) == (True, False, "main")
    rights = {login: await run(repo.get_collaborator_permission, login) for login in ("ben", "dora", "oscar", "root")}
    assert rights == {"ben": "write", "dora": "read", "oscar": "none", "root": "admin"}
    org = await run(client.get_organization, "acme")
    team = await run(org.get_team_by_slug, "ml-leads")
    assert [one.login for one in await run(lambda: list(team.get_members()))] == ["ben", "chloe"]
    ben = await run(client.get_user, "ben")
    assert await run(org.has_in_members, ben)
    assert (await run(team.get_team_membership, "ben")).state == "active"
    assert (await world.request("GET", f"/user/{ben.id}", "ana")).json()["login"] == "ben"
    assert (await world.request("GET", "/user/4711", "ana")).status_code == 404
    world.github.set_team("acme", "ml-leads", ["chloe"])
    with pytest.raises(UnknownObjectException):
        await run(team.get_team_membership, "ben")
    assert (await world.request("GET", "/orgs/acme/teams/ml-leads", "oscar")).status_code == 404


async def test_files_are_read_and_written(world: World) -> None:
    repo = await world.repo("ana")
    file = await run(repo.get_contents, FILE)
    assert isinstance(file, ContentFile)
    assert file.decoded_content == b"uri: s3://models/41\n"
    folder = await run(repo.get_contents, "models")
    assert isinstance(folder, list)
    assert [one.path for one in folder] == ["models/churn", "models/fraud-detector"]
    done = await run(repo.update_file, FILE, "Edit", b"uri: x\n", file.sha, branch="main")
    assert world.github.head(REPO) == done["commit"].sha
    assert (await run(repo.get_commit, "main")).files[0].filename == FILE
    with pytest.raises(GithubException) as refused:
        await run(repo.update_file, FILE, "Edit", b"uri: y\n", file.sha, branch="main")
    assert refused.value.status == 409
    made = await run(repo.create_file, "new/ünï.txt", "New", "x", author=InputGitAuthor("N", "n@x.io"))
    content, commit = made["content"], made["commit"]
    assert isinstance(content, ContentFile)
    assert not isinstance(commit, ContentFile)
    assert (commit.author.name, content.path) == ("N", "new/ünï.txt")
    await run(repo.delete_file, "new/ünï.txt", "Gone", content.sha)
    with pytest.raises(UnknownObjectException):
        await run(repo.get_contents, "new")


async def test_the_git_database_makes_a_commit_without_git(world: World) -> None:
    repo = await world.repo()
    head = await run(repo.get_git_commit, str(world.github.head(REPO)))
    blob = await run(repo.create_git_blob, "uri: s3://models/42\n", "utf-8")
    element = InputGitTreeElement(FILE, "100644", "blob", sha=blob.sha)
    gone = InputGitTreeElement("README.md", "100644", "blob", sha=None)
    tree = await run(repo.create_git_tree, [element, gone], head.tree)
    commit = await run(repo.create_git_commit, "Promote\n\nTrailer: yes", tree, [head])
    ref = await run(repo.create_git_ref, "refs/heads/slackops/x", commit.sha)
    assert (await run(repo.get_git_ref, "heads/slackops/x")).object.sha == commit.sha
    assert [one.ref for one in await run(lambda: list(repo.get_git_matching_refs("heads/slackops")))] == [ref.ref]
    paths = {one.path for one in (await run(repo.get_git_tree, commit.sha, recursive=True)).tree if one.type == "blob"}
    assert paths == {FILE, "models/churn/staging/values.yaml"}
    with pytest.raises(GithubException) as refused:
        await run(repo.create_git_ref, "refs/heads/slackops/x", commit.sha)
    assert refused.value.data["message"] == "Reference already exists"
    compared = await run(repo.compare, "main", "slackops/x")
    assert (compared.status, compared.ahead_by, compared.total_commits) == ("ahead", 1, 1)
    assert {file.filename for file in compared.files} == {FILE, "README.md"}
    branch = await run(repo.get_branch, "slackops/x")
    assert (branch.name, branch.protected, branch.commit.sha) == ("slackops/x", False, commit.sha)
    with pytest.raises(GithubException):
        await run(ref.edit, head.parents[0].sha if head.parents else "0" * 40)
    await run(ref.delete)
    assert world.github.head(REPO, "slackops/x") is None


async def test_protection_is_set_and_shown(world: World) -> None:
    branch = await run((await world.repo("root")).get_branch, "main")
    await run(
        branch.edit_protection,
        strict=True,
        contexts=["ci"],
        required_approving_review_count=2,
        dismiss_stale_reviews=True,
    )
    shown = await run(branch.get_protection)
    assert shown.required_status_checks.contexts == ["ci"]
    assert shown.required_pull_request_reviews.required_approving_review_count == 2
    assert (await run((await world.repo("root")).get_branch, "main")).protected
    await run(branch.remove_protection)
    assert not (await run((await world.repo("root")).get_branch, "main")).protected


async def test_statuses_and_their_limits(world: World) -> None:
    sha = str(world.github.head(REPO))
    commit = await run((await world.repo()).get_commit, sha)
    await run(commit.create_status, "pending", context="slackops/gates", description="wait")
    await run(commit.create_status, "success", context="slackops/gates", description="ok")
    whole = await run(commit.get_combined_status)
    assert (whole.state, whole.total_count, whole.statuses[0].description) == ("success", 1, "ok")
    assert [one.state for one in await run(lambda: list(commit.get_statuses()))] == ["success", "pending"]
    path = f"/repos/{REPO}/statuses/{sha}"
    long = await world.request("POST", path, json={"state": "success", "description": "x" * 141})
    assert long.json()["errors"][0]["message"] == "description is too long (maximum is 140 characters)"
    assert (await world.request("POST", path, json={"state": "fine"})).status_code == 422
    assert (await world.request("POST", path, "dora", json={"state": "success"})).status_code == 403
    wrong = await world.request("POST", f"/repos/{REPO}/statuses/{'0' * 40}", json={"state": "success"})
    assert wrong.status_code == 422
    for number in range(99):
        await world.github.set_status("ana", REPO, sha, f"context-{number}", "success")
    crowded = await world.request("POST", path, json={"state": "success", "context": "one too many"})
    assert "maximum number of statuses" in crowded.text


async def test_check_runs_belong_to_apps(world: World) -> None:
    sha = str(world.github.head(REPO))
    app = await run(world.with_auth(world.app_auth().get_installation_auth(INSTALLATION)).get_repo, REPO)
    made = await run(app.create_check_run, "gates", sha, status="in_progress", output={"title": "T", "summary": "S"})
    await run(made.edit, status="completed", conclusion="failure")
    again = await run(app.create_check_run, "gates", sha, status="completed", conclusion="success")
    commit = await run(app.get_commit, sha)
    latest = await run(lambda: list(commit.get_check_runs(check_name="gates")))
    assert [(one.id, one.conclusion, one.app.id) for one in latest] == [(again.id, "success", APP_ID)]
    assert await run(lambda: commit.get_check_runs(filter="all").totalCount) == 2
    assert [one.conclusion for one in await run(lambda: list(commit.get_check_suites()))] == ["success"]
    reply = await world.request("POST", f"/repos/{REPO}/check-runs", "ana", json={"name": "x", "head_sha": sha})
    assert (reply.status_code, reply.json()["message"]) == (403, "You must authenticate via a GitHub App.")


async def test_deployments_want_green_statuses(world: World) -> None:
    repo, sha = await world.repo(), str(world.github.head(REPO))
    await world.github.set_status("ana", REPO, sha, "ci", "failure")
    with pytest.raises(GithubException) as refused:
        await run(repo.create_deployment, "main")
    assert refused.value.status == 409
    made = await run(repo.create_deployment, "main", required_contexts=[], environment="staging", auto_merge=False)
    await run(made.create_status, "success", description="up")
    assert [one.state for one in await run(lambda: list(made.get_statuses()))] == ["success"]
    assert [one.environment for one in await run(lambda: list(repo.get_deployments(sha=sha)))] == ["staging"]


async def test_deployment_statuses_are_told_in_order_and_inactive_ones_not(world: World) -> None:
    repo, sha = await world.repo(), str(world.github.head(REPO))
    facts = {"required_contexts": [], "environment": "production", "auto_merge": False}
    old = await run(repo.create_deployment, "main", payload={"model": "churn"}, **facts)
    await run(old.create_status, "success")
    new = await run(repo.create_deployment, "main", payload={"model": "churn"}, **facts)
    for state in ("queued", "in_progress", "failure", "inactive"):
        await run(new.create_status, state, description=f"it is {state}")
    await world.github.webhooks.drain()
    told = [body for event, body in world.receiver.bodies if event == "deployment_status"]
    assert [one["deployment_status"]["state"] for one in told] == ["success", "queued", "in_progress", "failure"]
    assert {one["deployment"]["sha"] for one in told} == {sha}
    assert told[-1]["deployment"]["payload"] == {"model": "churn"}
    assert told[-1]["deployment_status"]["environment"] == "production"
    assert told[-1]["deployment_status"]["description"] == "it is failure"


async def test_labels_and_dispatches(world: World) -> None:
    repo = await world.repo()
    await run(repo.create_label, "env:production", "ff0000", "where")
    assert (await run(repo.get_label, "env:production")).color == "ff0000"
    with pytest.raises(GithubException) as refused:
        await run(repo.create_label, "ENV:production", "ff0000")
    assert refused.value.data["errors"][0]["code"] == "already_exists"
    assert await run(repo.create_repository_dispatch, "retrain", {"model": "churn"})
    assert (await world.receiver.wait("repository_dispatch"))["client_payload"] == {"model": "churn"}


async def test_waiting_and_subscribing(world: World) -> None:
    events = world.github.subscribe()
    number = await world.pull()
    waiting = asyncio.create_task(world.github.wait_for(lambda: world.github.pull(REPO, number)["merged"] or None))
    await world.github.merge_by_hand("ben", REPO, number)
    assert await waiting is True
    kinds = {(await anext(events))["type"] for _ in range(3)}
    assert kinds <= {"push", "pull"}
    with pytest.raises(TimeoutError):
        await world.github.wait_for(lambda: None, timeout=0.01)
