"""GitHub's workflows on loopback, as far as the bot uses them."""

from __future__ import annotations

from typing import Any

from tests.support.training import NOT_FOUND, Reply, Request, World

WORKFLOW = "/repos/acme/fraud/actions/workflows/train.yml"


class GitHubWorld(World):
    """https://docs.github.com/en/rest/actions/workflows. ``tells`` that a run came of a dispatch, as GitHub does since
    2026; ``old``: the server refuses to be asked for it. ``takes``: the workflow's inputs; ``named``: its `run-name`
    shows the mark. ``at`` is when runs begin."""

    def __init__(self) -> None:
        super().__init__()
        self.tells, self.old, self.named = True, False, True
        self.takes: set[str] = {"slackops_retrain", "why"}
        self.at = "2026-11-21T10:00:00Z"
        self.actor = "slackops[bot]"

    def route(self, asked: Request) -> Reply:
        if asked.path == "/repos/acme/fraud":
            return 200, {"default_branch": "main"}
        if asked.path == f"{WORKFLOW}/dispatches":
            return self._dispatch(asked.json)
        if asked.path == f"{WORKFLOW}/runs":
            since = asked.query["created"].removeprefix(">=")
            found = [one for one in self.runs.values() if one["created_at"] >= since]
            assert asked.query["event"] == "workflow_dispatch"
            return 200, {"total_count": len(found), "workflow_runs": found[::-1]}
        run = self.runs.get(asked.path.removeprefix("/repos/acme/fraud/actions/runs/"))
        return (200, run) if run else NOT_FOUND

    def _dispatch(self, body: dict[str, Any]) -> Reply:
        if self.old and "return_run_details" in body:
            return 422, {"message": 'Invalid request.\n\n"return_run_details" is not a permitted key.'}
        if unknown := sorted(body["inputs"].keys() - self.takes):
            return 422, {"message": f"Unexpected inputs provided: {unknown}"}
        run = self.begin(body["inputs"].get("slackops_retrain", "") if self.named else "")
        told = {"workflow_run_id": int(run), "html_url": f"https://github.com/acme/fraud/actions/runs/{run}"}
        return (200, told) if body.get("return_run_details") and self.tells else (204, None)

    def begin(self, mark: str = "", actor: str = "") -> str:
        """A run, by whoever it is."""
        run = str(len(self.runs) + 101)
        self.runs[run] = {
            "id": int(run),
            "name": "train",
            "display_title": f"Train {mark}".strip(),
            "status": "queued",
            "conclusion": None,
            "created_at": self.at,
            "actor": {"login": actor or self.actor},
            "head_sha": "c0ffee",
            "html_url": f"https://github.com/acme/fraud/actions/runs/{run}",
        }
        return run

    def ends(self, run: str, good: bool) -> None:
        self.runs[run] |= {"status": "completed", "conclusion": "success" if good else "failure"}
