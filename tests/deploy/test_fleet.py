"""The poster for Fleet: what it makes of GitRepos and Bundles, and that the bot takes what it posts."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from bot.signals import rollout_json
from tests.signals.anything import A, B, contract

FOLDER = Path(__file__).parents[2] / "deploy" / "fleet"
NOW = dt.datetime(2026, 1, 5, 10, 0, 3, tzinfo=dt.UTC)


def load() -> ModuleType:
    """The script as a module; it is no part of a package."""
    spec = importlib.util.spec_from_file_location("fleet_poster", FOLDER / "poster.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


poster = load()


def repo(state: str = "", *, ready: str = "True", commit: str = A, **status: Any) -> dict[str, Any]:
    conditions = [{"type": "Ready", "status": ready, "message": "" if ready == "True" else "a condition says"}]
    told = {"commit": commit, "display": {"state": state}, "conditions": conditions, "observedGeneration": 1, **status}
    return {"metadata": {"name": "models", "namespace": "fleet-default", "generation": 1}, "status": told}


def bundle(name: str = "models-churn", commit: str = A, state: str = "", **labels: str) -> dict[str, Any]:
    found = {poster.REPO: "models", poster.COMMIT: commit, **labels}
    status = {"display": {"state": state}, "conditions": [{"type": "Ready", "status": "False" if state else "True"}]}
    return {"metadata": {"name": name, "namespace": "fleet-default", "labels": found}, "status": status}


@pytest.mark.parametrize(
    ("found", "phase"),
    [
        (repo(), "healthy"),
        (repo("Ready"), "healthy"),
        (repo("NotReady", ready="False"), "progressing"),
        (repo("WaitApplied", ready="False"), "syncing"),
        (repo("Pending", ready="False"), "syncing"),
        (repo("OutOfSync", ready="False"), "syncing"),
        (repo("GitUpdating", ready="False"), "syncing"),
        (repo("ErrApplied", ready="False"), "failed"),
        (repo("Modified", ready="False"), "synced"),
        (repo("Modified", ready="False", resourceCounts={"modified": 1, "missing": 0}), "synced"),
        (repo("Modified", ready="False", resourceCounts={"modified": 1, "missing": 1}), "degraded"),
        (repo("", gitJobStatus="Failed"), "failed"),
        (repo("", conditions=[{"type": "Stalled", "status": "True"}]), "failed"),
        (repo("", conditions=[{"type": "Accepted", "status": "False"}]), "failed"),
        (repo("", observedGeneration=0), "syncing"),
        (repo("ErrApplied", observedGeneration=0), "failed"),
        (repo("", ready="False"), None),
        (repo("AStateOfTomorrow", ready="False"), None),
        (repo(commit=""), None),
    ],
)
def test_the_phase_of_a_git_repo(found: dict[str, Any], phase: str | None) -> None:
    told = poster.rollout(found)
    assert (told and told["phase"]) == phase


def test_ready_is_about_the_commit_before_until_every_bundle_is_at_the_new_one() -> None:
    at_last = [bundle(), bundle("models-ltv", B), bundle("other", B, **{poster.REPO: "other"})]
    assert [one["phase"] for one in poster.rollouts([repo()], at_last)] == ["syncing", "healthy", "healthy", "healthy"]
    assert poster.rollouts([repo()], [bundle(), bundle("models-ltv")])[0]["phase"] == "healthy"


def test_each_bundle_is_an_application_of_its_own() -> None:
    told = poster.rollouts([], [bundle(), bundle("models-ltv", B, "ErrApplied"), bundle("by-hand", "")])
    assert told == [
        {"application": "fleet-default/models-churn", "revision": A, "phase": "healthy", "message": ""},
        {"application": "fleet-default/models-ltv", "revision": B, "phase": "failed", "message": ""},
    ]


def test_objects_without_a_status_tell_nothing() -> None:
    bare = {"metadata": {"name": "x", "namespace": "y"}, "status": None}
    assert poster.rollouts([bare], [bare]) == []


def test_the_words() -> None:
    assert poster.rollout(repo("NotReady", ready="False"))["message"] == "a condition says"
    assert poster.rollout(repo(display={"state": "NotReady", "message": "x" * 600}))["message"] == "x" * 500


def test_the_published_status() -> None:
    told = poster.rollout(contract("signals/fleet.gitrepo.status.json")["body"])
    assert told == {
        "application": "fleet-default/helm-kustomize",
        "revision": "43d73d518157fd7cca661ac950a54e61690a0cde",
        "phase": "synced",
        "message": "Modified(1) [Cluster fleet-default/downstream4]",
    }


class Taker(HTTPServer):
    """Takes posts, or says ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[tuple[str, str | None, Any]] = []
        self.status = 202


class Handler(BaseHTTPRequestHandler):
    server: Taker

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.server.status == 202:
            self.server.taken.append((self.path, self.headers["authorization"], body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def taker() -> Iterator[Taker]:
    with Taker() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_only_news_is_posted_and_what_failed_stays_news(taker: Taker) -> None:
    made = poster.Poster(f"http://127.0.0.1:{taker.server_port}/webhooks/rollout", "s3cret")
    found = poster.rollouts([repo()], [])
    taker.status = 503
    with pytest.raises(OSError, match="503"):
        made.tell(found, NOW)
    taker.status = 202
    assert [made.tell(found, NOW), made.tell(found, NOW)] == [1, 0]
    assert made.tell(poster.rollouts([repo("ErrApplied")], []), NOW) == 1
    assert [(path, token, len(body)) for path, token, body in taker.taken] == [
        ("/webhooks/rollout", "Bearer s3cret", 1)
    ] * 2


def test_the_bot_takes_what_is_posted_a_hundred_at_a_time(taker: Taker) -> None:
    made = poster.Poster(f"http://127.0.0.1:{taker.server_port}/webhooks/rollout", "s3cret")
    assert made.tell(poster.rollouts([], [bundle(f"models-{n}") for n in range(150)]), NOW) == 150
    signals = [signal for _, _, body in taker.taken for signal in rollout_json.parse(body, 0.0)]
    assert len({signal.application for signal in signals}) == 150
    assert {signal.at for signal in signals} == {NOW.timestamp()}


def test_it_may_only_list_what_it_reads() -> None:
    documents = {doc["kind"]: doc for doc in yaml.safe_load_all((FOLDER / "poster.yaml").read_text())}
    rule = {"apiGroups": ["fleet.cattle.io"], "resources": ["gitrepos", "bundles"], "verbs": ["list"]}
    assert documents["ClusterRole"]["rules"] == [rule]
    account = documents["ServiceAccount"]["metadata"]
    assert documents["ClusterRoleBinding"]["subjects"] == [{"kind": "ServiceAccount", **account}]
    assert documents["Deployment"]["spec"]["template"]["spec"]["serviceAccountName"] == account["name"]
