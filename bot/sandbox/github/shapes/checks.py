"""Statuses, check runs, check suites, Apps and deployments as GitHub shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.github.installation import ALL_EVENTS, ALL_PERMISSIONS
from bot.sandbox.github.people import ACTIONS_APP_ID
from bot.sandbox.github.shapes.base import html, node_id, repo_api
from bot.sandbox.github.shapes.commits import git_commit
from bot.sandbox.github.shapes.users import user

if TYPE_CHECKING:
    from bot.sandbox.github.forge import Forge, Repo
    from bot.sandbox.github.store import Doc


def app_shape(forge: Forge, app_id: int) -> Doc:
    """An App: a configured one, or GitHub Actions."""
    app = next((one for one in forge.config.apps if one.app_id == app_id), None)
    slug = app.slug if app else "github-actions"
    owner = forge.config.orgs[0].login if forge.config.orgs else "github"
    return {
        "id": app_id,
        "slug": slug,
        "client_id": app.client_id if app else "",
        "node_id": node_id("App", app_id),
        "owner": user(forge, owner),
        "name": slug if app else "GitHub Actions",
        "description": "",
        "external_url": html(forge, f"apps/{slug}"),
        "html_url": html(forge, f"apps/{slug}"),
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
        "permissions": forge.installations.permissions(app) if app else dict(ALL_PERMISSIONS),
        "events": sorted((forge.installations.events(app) if app else None) or ALL_EVENTS),
    }


def status_shape(forge: Forge, repo: Repo, status: Doc) -> Doc:
    """A commit status."""
    creator = user(forge, status["creator"])
    return {
        "url": repo_api(forge, repo.full_name, f"statuses/{status['sha']}"),
        "avatar_url": creator["avatar_url"],
        "id": status["id"],
        "node_id": node_id("StatusContext", status["id"]),
        **{key: status[key] for key in ("state", "description", "target_url", "context", "created_at", "updated_at")},
        "creator": creator,
    }


def check_run_shape(forge: Forge, repo: Repo, run: Doc) -> Doc:
    """A check run."""
    app_id = run["app_id"] or ACTIONS_APP_ID
    url = repo_api(forge, repo.full_name, f"check-runs/{run['id']}")
    page = html(forge, f"{repo.full_name}/{_place(forge, repo, run, app_id)}")
    fields = ("head_sha", "external_id", "status", "conclusion", "started_at", "completed_at", "name")
    given = {key: run["output"].get(key) for key in ("title", "summary", "text")}
    output = {**given, "annotations_count": len(run["output"].get("annotations") or [])}
    return {
        "id": run["id"],
        "node_id": node_id("CheckRun", run["id"]),
        "url": url,
        "html_url": page,
        "details_url": run["details_url"] or page,
        **{key: run[key] for key in fields},
        "output": {**output, "annotations_url": f"{url}/annotations"},
        "check_suite": _suite_inside(forge, repo, run, app_id),
        "app": app_shape(forge, app_id),
        "pull_requests": pulls_shape(forge, repo, run["head_sha"]),
    }


def check_suite_shape(
    forge: Forge, repo: Repo, suite: Doc, status: str, conclusion: str | None, hook: bool = False
) -> Doc:
    """A check suite; ``hook`` gives the form of webhooks."""
    sha, url = suite["head_sha"], repo_api(forge, repo.full_name, f"check-suites/{suite['id']}")
    pulls = pulls_shape(forge, repo, sha)
    runs = [run for run in forge.store.checks(repo.full_name, sha).all() if run["app_id"] == suite["app_id"]]
    commit = repo.git.known_commit(sha)
    inner = git_commit(forge, repo, commit)
    head = {"id": sha, "tree_id": commit.tree, "timestamp": commit.committer.date, "message": commit.message}
    shown = {
        "id": suite["id"],
        "node_id": node_id("CheckSuite", suite["id"]),
        "head_branch": suite.get("head_branch") or branch_at(repo, sha),
        "head_sha": sha,
        "status": status,
        "conclusion": conclusion,
        "url": url,
        "before": commit.parents[0] if commit.parents else "0" * 40,
        "after": sha,
        "pull_requests": pulls,
        "app": app_shape(forge, suite["app_id"]),
        "created_at": suite["created_at"],
        "updated_at": suite["created_at"],
        "latest_check_runs_count": len({run["name"] for run in runs}),
        "check_runs_url": f"{url}/check-runs",
        "head_commit": {**head, "author": inner["author"], "committer": inner["committer"]},
    }
    return shown if hook else {**shown, "repository": {"id": forge.document(repo)["id"], "full_name": repo.full_name}}


def _place(forge: Forge, repo: Repo, run: Doc, app_id: int) -> str:
    """Where it is shown: a job of GitHub Actions is found under its workflow run."""
    suite = forge.store.suites(repo.full_name, run["head_sha"]).get(app_id)
    is_job = suite and app_id == ACTIONS_APP_ID
    return f"actions/runs/{suite['id']}/job/{run['id']}" if suite and is_job else f"runs/{run['id']}"


def pulls_shape(forge: Forge, repo: Repo, sha: str) -> list[Doc]:
    """Open pull requests with this head, in the short form of checks."""
    inside = {
        "id": forge.document(repo)["id"],
        "url": repo_api(forge, repo.full_name),
        "name": repo.full_name.split("/")[1],
    }
    pulls = [pull for pull in forge.store.pulls(repo.full_name).all() if pull["state"] == "open"]
    return [
        {
            "url": repo_api(forge, repo.full_name, f"pulls/{pull['number']}"),
            "id": pull["id"],
            "number": pull["number"],
            "head": {"ref": pull["head_ref"], "sha": pull["head_sha"], "repo": inside},
            "base": {"ref": pull["base_ref"], "sha": pull["base_sha"], "repo": inside},
        }
        for pull in pulls
        if pull["head_sha"] == sha
    ]


def branch_at(repo: Repo, sha: str) -> str | None:
    """A branch whose head is this commit."""
    heads = repo.git.refs("refs/heads/")
    return next((name.removeprefix("refs/heads/") for name, head in heads.items() if head == sha), None)


def _suite_inside(forge: Forge, repo: Repo, run: Doc, app_id: int) -> Doc:
    suite = forge.store.suites(repo.full_name, run["head_sha"]).get(app_id) or {
        "id": 0,
        "created_at": run["started_at"],
    }
    commit = repo.git.known_commit(run["head_sha"])
    return {
        "id": suite["id"],
        "node_id": node_id("CheckSuite", suite["id"]),
        "head_branch": suite.get("head_branch") or branch_at(repo, run["head_sha"]),
        "head_sha": run["head_sha"],
        "status": run["status"],
        "conclusion": run["conclusion"],
        "url": repo_api(forge, repo.full_name, f"check-suites/{suite['id']}"),
        "before": commit.parents[0] if commit.parents else "0" * 40,
        "after": run["head_sha"],
        "pull_requests": pulls_shape(forge, repo, run["head_sha"]),
        "app": app_shape(forge, app_id),
        "created_at": suite["created_at"],
        "updated_at": suite["created_at"],
    }
