"""A DAG run, by Airflow's REST API: v2 of Airflow 3, else v1 of Airflow 2.

https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html and
https://airflow.apache.org/docs/apache-airflow/2.11.0/stable-rest-api-ref.html. The run's id is ours, so that a second
try finds the first one.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from bot.adapters.retraining.http import Secrets, Told, ask, ask_json, refused, secret_of, whole
from bot.domain.retraining import Retraining, RetrainRule, RetrainState, Started
from bot.domain.retraining_inputs import filled
from bot.errors import Transient

_STATES = {
    "queued": RetrainState.RUNNING,
    "running": RetrainState.RUNNING,
    "success": RetrainState.SUCCEEDED,
    "failed": RetrainState.FAILED,
}
_HELP = "Check the policy's `retrain`: its url, dag and token_env, and that the account may trigger the DAG."


class AirflowRetrainer:
    """The Retrainer port. A secret `user:password` is turned into a token (v2), or sent as Basic (v1); any other is a
    bearer token. Thread-safe."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def start(self, rule: RetrainRule, asked: Retraining) -> Started:
        """As the port says. 409: it was started before."""
        what, (api, headers) = f"Trigger {rule.where['dag']} of Airflow", self._way(rule)
        body: dict[str, Any] = {"dag_run_id": _run(asked), "conf": filled(rule.inputs, asked)}
        if api == "v2":
            body["logical_date"] = None  # which it requires: a run of no date
        told = ask_json(what, _url(rule, api), body, headers)
        if told.status == 409:
            return self.find(rule, asked) or Started(_run(asked), RetrainState.RUNNING, _page(rule, asked, api))
        if told.status not in (200, 201):
            raise refused(what, told, _HELP)
        return _started(rule, asked, api, whole(what, told))

    def find(self, rule: RetrainRule, asked: Retraining) -> Started | None:
        """As the port says: by the id of the run."""
        api, headers = self._way(rule)
        what = f"Look for a run of {rule.where['dag']}"
        told = ask(what, "GET", _url(rule, api, _run(asked)), headers=headers)
        if told.status == 404 and whole(what, told)["detail"]:  # Airflow's own words, not those of a proxy before it
            return None
        if told.status != 200:
            raise refused(what, told, _HELP)
        return _started(rule, asked, api, whole(what, told))

    def look(self, rule: RetrainRule, asked: Retraining) -> Started:
        """As the port says. A run that somebody deleted failed."""
        gone = Started(_run(asked), RetrainState.FAILED, message="Airflow knows no such run")
        return self.find(rule, asked) or gone

    def _way(self, rule: RetrainRule) -> tuple[str, dict[str, str]]:
        """The API that is there, and who asks."""
        secret = secret_of(self._secrets, rule)
        user, colon, password = secret.partition(":")
        plain = f"Basic {base64.b64encode(secret.encode()).decode()}" if colon else f"Bearer {secret}"
        own = {"authorization": plain} if secret else {}
        api = _api(rule, own)
        if api == "v1" or not colon:
            return api, own
        what = "Sign in to Airflow"
        told = ask_json(what, f"{_root(rule)}/auth/token", {"username": user, "password": password}, {})
        if not told["access_token"]:
            raise refused(what, told, _HELP)
        return api, {"authorization": f"Bearer {told['access_token']}"}


def _api(rule: RetrainRule, headers: dict[str, str]) -> str:
    """v1 only where there is no v2: hosted ones ask for the token here too, and tell nothing without."""
    what = "Ask Airflow for its version"
    told = ask(what, "GET", f"{_root(rule)}/api/v2/version", headers=headers)
    if told.status == 404:
        return "v1"
    if told.status != 200:
        raise refused(what, told, _HELP)
    if not whole(what, told)["version"]:
        raise Transient(f"{what}: the answer names none.")
    return "v2"


def _started(rule: RetrainRule, asked: Retraining, api: str, told: Told) -> Started:
    state = _STATES.get(told["state"].lower(), RetrainState.RUNNING)
    run, ended = told["dag_run_id"] or _run(asked), told.moment("end_date")
    return Started(run, state, _page(rule, asked, api), ended=ended)


def _run(asked: Retraining) -> str:
    return f"slackops-{asked.id}"


def _root(rule: RetrainRule) -> str:
    return rule.where["url"].rstrip("/")


def _url(rule: RetrainRule, api: str, run: str = "") -> str:
    path = f"{_root(rule)}/api/{api}/dags/{quote(rule.where['dag'], safe='')}/dagRuns"
    return f"{path}/{quote(run, safe='')}" if run else path


def _page(rule: RetrainRule, asked: Retraining, api: str) -> str:
    """Where people see it."""
    dag, run = quote(rule.where["dag"], safe=""), quote(_run(asked), safe="")
    page = f"runs/{run}" if api == "v2" else f"grid?dag_run_id={run}"
    return f"{_root(rule)}/dags/{dag}/{page}"
