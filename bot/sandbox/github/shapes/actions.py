"""Workflow runs and their jobs as GitHub shows them (https://docs.github.com/rest/actions)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.github.shapes.base import html, node_id, repo_api
from bot.sandbox.github.shapes.checks import pulls_shape
from bot.sandbox.github.shapes.commits import person
from bot.sandbox.github.shapes.repos import repository
from bot.sandbox.github.shapes.users import user

if TYPE_CHECKING:
    from bot.sandbox.github.forge import Forge, Repo
    from bot.sandbox.github.store import Doc

WORKFLOW_ID, WORKFLOW, PATH = 700_001, "ci", ".github/workflows/ci.yml"


def workflow_shape(forge: Forge, repo: Repo, run: Doc | None = None) -> Doc:
    """The workflow of a run that was dispatched; else the one that every repository here has."""
    created = forge.document(repo)["created_at"]
    name, path, number = _workflow(run or {})
    return {
        "id": number,
        "node_id": node_id("Workflow", number),
        "name": name,
        "path": path,
        "state": "active",
        "created_at": created,
        "updated_at": created,
        "url": repo_api(forge, repo.full_name, f"actions/workflows/{number}"),
        "html_url": html(forge, f"{repo.full_name}/blob/{repo.git.default_branch}/{path}"),
        "badge_url": html(forge, f"{repo.full_name}/workflows/{name}/badge.svg"),
    }


def _workflow(run: Doc) -> tuple[str, str, int]:
    """(name, path, number)."""
    return run.get("name", WORKFLOW), run.get("path", PATH), run.get("workflow_id", WORKFLOW_ID)


def workflow_run_shape(forge: Forge, repo: Repo, run: Doc) -> Doc:
    """A workflow run."""
    url = repo_api(forge, repo.full_name, f"actions/runs/{run['id']}")
    commit, shown = repo.git.known_commit(run["head_sha"]), repository(forge, repo)
    suite = run["id"]  # one suite a workflow run, and so one number for both
    parts = ("jobs", "logs", "artifacts", "cancel", "rerun")
    who = user(forge, run["actor"])
    name, path, number = _workflow(run)
    return {
        "id": run["id"],
        "name": name,
        "node_id": node_id("WorkflowRun", run["id"]),
        "check_suite_id": suite,
        "check_suite_node_id": node_id("CheckSuite", suite),
        "check_suite_url": repo_api(forge, repo.full_name, f"check-suites/{suite}"),
        "head_branch": run["head_branch"],
        "head_sha": run["head_sha"],
        "path": path,
        "display_title": run.get("title") or commit.message.partition("\n")[0],
        "run_number": run["number"],
        "run_attempt": run["attempt"],
        "event": run.get("event", "push"),
        "status": run["status"],
        "conclusion": run["conclusion"],
        "workflow_id": number,
        "workflow_url": repo_api(forge, repo.full_name, f"actions/workflows/{number}"),
        "url": url,
        "html_url": html(forge, f"{repo.full_name}/actions/runs/{run['id']}"),
        **{f"{part}_url": f"{url}/{part}" for part in parts},
        "previous_attempt_url": f"{url}/attempts/{run['attempt'] - 1}" if run["attempt"] > 1 else None,
        "pull_requests": pulls_shape(forge, repo, run["head_sha"]),
        "created_at": run["created_at"],
        "updated_at": run["updated_at"],
        "run_started_at": run["updated_at"] if run["attempt"] > 1 else run["created_at"],
        "actor": who,
        "triggering_actor": who,
        "head_commit": {
            "id": commit.sha,
            "tree_id": commit.tree,
            "message": commit.message,
            "timestamp": commit.committer.date,
            "author": person(commit.author),
            "committer": person(commit.committer),
        },
        "repository": shown,
        "head_repository": shown,
    }


def job_shape(forge: Forge, repo: Repo, run: Doc, check: Doc) -> Doc:
    """A job; its number is that of its check run."""
    times = {key: check[key] for key in ("started_at", "completed_at")}
    step = {"name": check["name"], "number": 1, **{key: check[key] for key in ("status", "conclusion")}, **times}
    return {
        "id": check["id"],
        "run_id": run["id"],
        "run_url": repo_api(forge, repo.full_name, f"actions/runs/{run['id']}"),
        "run_attempt": run["attempt"],
        "node_id": node_id("CheckRun", check["id"]),
        "head_sha": run["head_sha"],
        "head_branch": run["head_branch"],
        "url": repo_api(forge, repo.full_name, f"actions/jobs/{check['id']}"),
        "html_url": html(forge, f"{repo.full_name}/actions/runs/{run['id']}/job/{check['id']}"),
        "status": check["status"],
        "conclusion": check["conclusion"],
        "created_at": check["started_at"],
        **times,
        "name": check["name"],
        "steps": [step],
        "check_run_url": repo_api(forge, repo.full_name, f"check-runs/{check['id']}"),
        "labels": ["ubuntu-latest"],
        "runner_id": 1,
        "runner_name": "sandbox",
        "runner_group_id": 1,
        "runner_group_name": "Default",
        "workflow_name": WORKFLOW,
    }
