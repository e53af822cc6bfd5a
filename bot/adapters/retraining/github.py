"""A workflow of GitHub Actions, started by workflow_dispatch.

https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event. Since February 2026 GitHub tells the
run that came of it where `return_run_details` asks for that
(https://github.blog/changelog/2026-02-19-workflow-dispatch-api-now-returns-run-ids); older servers answer with nothing,
and so does an answer that is lost: then the run is found by the retraining's id in its name (`run-name`), else by who
started it and when.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.adapters.github import Credentials
from bot.adapters.github.client import BASE_URL
from bot.adapters.github.errors import Answer, failure
from bot.adapters.github.pacing import Pacing
from bot.adapters.github.session import Session
from bot.adapters.retraining.github_runs import CLOCKS_APART, Run, ours, told_of
from bot.domain.retraining import Retraining, RetrainRule, RetrainState, Started
from bot.domain.retraining_inputs import filled
from bot.errors import Fatal, ForgeUnavailable, Reason, Refused

MARK, DETAILS = "slackops_retrain", "return_run_details"
_HELP = (
    "The workflow must be on the default branch with `on: workflow_dispatch`, declare its inputs, and the App needs "
    "Actions: write for the repository (`slackops github-manifest --with actions`)."
)


class GitHubRetrainer:
    """The Retrainer port over GitHub's REST API. ``login`` tells the bot's own account. Thread-safe."""

    def __init__(
        self,
        credentials: Credentials,
        base_url: str = BASE_URL,
        pacing: Pacing | None = None,
        login: Callable[[], str] = lambda: "",
    ) -> None:
        self._session, self._login = Session(base_url, credentials, pacing or Pacing()), login

    def start(self, rule: RetrainRule, asked: Retraining) -> Started:
        """As the port says. A server, or a workflow, that does not take what only helps to find the run is asked
        without that."""
        what = f"Start {rule.where['workflow']} of {rule.where['repo']}"
        ref = rule.where.get("ref") or self._default_branch(rule.where["repo"])
        inputs = {name: _text(value) for name, value in filled(rule.inputs, asked).items()}
        body: dict[str, Any] = {"ref": ref, "inputs": {MARK: asked.id, **inputs}, DETAILS: True}
        answer = self._dispatch(what, rule, body)
        for _ in range(2):  # in whichever order it complains of the two
            less = _without(body, answer)
            if less == body:
                break
            body = less
            answer = self._dispatch(what, rule, body)
        if not answer.ok:
            raise _refused(what, answer)
        told = answer.data if isinstance(answer.data, dict) else {}
        run = str(told.get("workflow_run_id") or "")
        return Started(run, RetrainState.RUNNING, str(told.get("html_url") or ""))

    def find(self, rule: RetrainRule, asked: Retraining) -> Started | None:
        """As the port says."""
        listed = self._ours(rule, asked)
        return told_of(listed[0]) if len(listed) == 1 else None

    def _ours(self, rule: RetrainRule, asked: Retraining) -> list[Run]:
        repo, workflow = rule.where["repo"], rule.where["workflow"]
        since = datetime.fromtimestamp(asked.asked - CLOCKS_APART, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        params: dict[str, str | int] = {"event": "workflow_dispatch", "created": f">={since}", "per_page": 100}
        path = f"/repos/{repo}/actions/workflows/{quote(workflow, safe='')}/runs"
        what = f"Look for a run of {workflow} of {repo}"
        found = self._read(what, path, params)
        listed = [] if found is None else found.get("workflow_runs")
        if not isinstance(listed, list):
            raise ForgeUnavailable(f"{what}: the answer was none of GitHub's.")
        return ours(asked, [one for one in listed if isinstance(one, dict)], self._login())

    def look(self, rule: RetrainRule, asked: Retraining) -> Started:
        """As the port says. A run that somebody deleted failed, and so did one that never began."""
        if not asked.run:
            listed = self._ours(rule, asked)
            if asked.unsure and not listed:
                return Started("", RetrainState.FAILED, message="GitHub lists no such run")
            return told_of(listed[0]) if len(listed) == 1 else Started("", RetrainState.RUNNING)
        what = f"Look at run {asked.run} of {rule.where['repo']}"
        found = self._read(what, f"/repos/{rule.where['repo']}/actions/runs/{quote(asked.run, safe='')}")
        if found is None:
            self._default_branch(rule.where["repo"])  # GitHub says the same where the App may see nothing of it
            return Started(asked.run, RetrainState.FAILED, message="GitHub does not know the run any more")
        return told_of(found)

    def _dispatch(self, what: str, rule: RetrainRule, body: dict[str, Any]) -> Answer:
        workflow = quote(rule.where["workflow"], safe="")
        return self._session.send(
            what, "POST", f"/repos/{rule.where['repo']}/actions/workflows/{workflow}/dispatches", body, creates=True
        )

    def _default_branch(self, repo: str) -> str:
        found = self._read(f"Read the repository {repo}", f"/repos/{repo}")
        if found is None:
            raise Refused(Reason.RETRAIN_REFUSED, f"There is no repository {repo}, or the bot may not see it.", _HELP)
        return str(found["default_branch"])

    def _read(self, what: str, path: str, params: dict[str, str | int] | None = None) -> dict[str, Any] | None:
        """None for what is not there."""
        answer = self._session.look(what, path, params)
        if answer.status == 404:
            return None
        if not answer.ok:
            raise _refused(what, answer)
        if not isinstance(answer.data, dict):
            raise ForgeUnavailable(f"{what}: the answer was none of GitHub's.")
        return answer.data


def _without(body: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """The same without what the server, or the workflow, says it does not take, of what only helps to find the run."""
    if answer.status not in (400, 422):
        return body
    kept = {name: value for name, value in body.items() if name != DETAILS or DETAILS not in answer.words}
    inputs = {name: value for name, value in body["inputs"].items() if name != MARK or MARK not in answer.words}
    return {**kept, "inputs": inputs}


def _refused(what: str, answer: Answer) -> Exception:
    """404 too: a workflow that is not there, or that the App may not see."""
    error = failure(what, answer)
    if isinstance(error, Refused | Fatal) and answer.status != 401:
        return Refused(Reason.RETRAIN_REFUSED, f"{what}: {answer.words} (status {answer.status}).", _HELP)
    return error


def _text(value: object) -> str:
    """GitHub takes texts alone."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
