"""A run of a pipeline, by Kubeflow Pipelines' API v2beta1.

https://www.kubeflow.org/docs/components/pipelines/reference/api/kubeflow-pipeline-api-spec/. The API takes no id of
ours, so the run's name holds it, and a second try finds the first one by its name.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from bot.adapters.retraining.http import Secrets, Told, ask, ask_json, refused, secret_of, whole
from bot.domain.retraining import Retraining, RetrainRule, RetrainState, Started
from bot.domain.retraining_inputs import filled
from bot.errors import Transient

_STATES = {
    "SUCCEEDED": RetrainState.SUCCEEDED,
    "SKIPPED": RetrainState.SUCCEEDED,
    "FAILED": RetrainState.FAILED,
    "CANCELED": RetrainState.FAILED,
}
"""Every other state is on its way: RUNTIME_STATE_UNSPECIFIED, PENDING, RUNNING, CANCELING, PAUSED."""
NOT_FOUND = "5"
"""https://grpc.io/docs/guides/status-codes/"""
_HELP = "Check the policy's `retrain`: its url, the ids, and token_env, and that the account may create runs."


class KubeflowRetrainer:
    """The Retrainer port. Thread-safe."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def start(self, rule: RetrainRule, asked: Retraining) -> Started:
        """As the port says."""
        what = f"Run the pipeline {rule.where['pipeline']} of Kubeflow"
        told = ask_json(what, _url(rule), _wanted(rule, asked), self._headers(rule))
        if told.status not in (200, 201):
            raise refused(what, told, _HELP)
        if not whole(what, told)["run_id"]:
            raise Transient(f"{what}: the answer names no run.")
        return _started(rule, told)

    def find(self, rule: RetrainRule, asked: Retraining) -> Started | None:
        """As the port says: by the run's name."""
        named = {"operation": "EQUALS", "key": "display_name", "string_value": _name(asked)}
        params = {"filter": json.dumps({"predicates": [named]}), "page_size": "10"}
        if experiment := rule.where.get("experiment"):
            params["experiment_id"] = experiment
        what = f"Look for a run of {rule.where['pipeline']}"
        told = ask(what, "GET", _url(rule), headers=self._headers(rule), params=params)
        if told.status != 200:
            raise refused(what, told, _HELP)
        runs = whole(what, told).data.get("runs")
        found = [Told(200, one) for one in runs if isinstance(one, dict)] if isinstance(runs, list) else []
        return next((_started(rule, one) for one in found if one["display_name"] == _name(asked)), None)

    def look(self, rule: RetrainRule, asked: Retraining) -> Started:
        """As the port says. A run that somebody deleted failed."""
        if not asked.run:
            gone = Started("", RetrainState.FAILED, message="Kubeflow knows no such run")
            return self.find(rule, asked) or gone
        what = f"Look at the run {asked.run} of Kubeflow"
        told = ask(what, "GET", _url(rule, asked.run), headers=self._headers(rule))
        if told.status == 404 and whole(what, told)["code"] == NOT_FOUND:  # its own word, not that of a proxy before it
            return Started(asked.run, RetrainState.FAILED, message="Kubeflow does not know the run any more")
        if told.status != 200:
            raise refused(what, told, _HELP)
        return _started(rule, whole(what, told))

    def _headers(self, rule: RetrainRule) -> dict[str, str]:
        secret = secret_of(self._secrets, rule)
        return {"authorization": f"Bearer {secret}"} if secret else {}


def _wanted(rule: RetrainRule, asked: Retraining) -> dict[str, Any]:
    version = rule.where.get("version")
    ids = {"pipeline_id": rule.where["pipeline"], **({"pipeline_version_id": version} if version else {})}
    experiment = rule.where.get("experiment")
    return {
        "display_name": _name(asked),
        "description": f"Asked for in SlackOps: {asked.model}, {asked.environment}",
        "pipeline_version_reference": ids,
        "runtime_config": {"parameters": filled(rule.inputs, asked)},
        **({"experiment_id": experiment} if experiment else {}),
    }


def _started(rule: RetrainRule, told: Told) -> Started:
    run, state = told["run_id"], _STATES.get(told["state"].upper(), RetrainState.RUNNING)
    words = told.part("error").words if state is RetrainState.FAILED and told.part("error").data else ""
    page = f"{rule.where['url'].rstrip('/')}/#/runs/details/{quote(run, safe='')}"
    return Started(run, state, page, words, ended=told.moment("finished_at"))


def _name(asked: Retraining) -> str:
    return f"slackops-{asked.id}"


def _url(rule: RetrainRule, run: str = "") -> str:
    path = f"{rule.where['url'].rstrip('/')}/apis/v2beta1/runs"
    return f"{path}/{quote(run, safe='')}" if run else path
