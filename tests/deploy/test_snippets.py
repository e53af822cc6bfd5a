"""The snippets for Flux and Alertmanager: they name what the bot listens on, and each other."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from handlers.signals import sources

DEPLOY = Path(__file__).parents[2] / "deploy"
PATHS = {f"/webhooks/{source.name}" for source in sources({}, "acme/ml-deployments")}


def test_flux() -> None:
    documents = list(yaml.safe_load_all((DEPLOY / "flux" / "notifications.yaml").read_text()))
    secret, provider, alert = documents
    assert [doc["kind"] for doc in documents] == ["Secret", "Provider", "Alert"]
    assert provider["spec"]["type"] == "generic-hmac"
    assert provider["spec"]["secretRef"]["name"] == secret["metadata"]["name"]
    assert list(secret["stringData"]) == ["token"]
    assert alert["spec"]["providerRef"]["name"] == provider["metadata"]["name"]
    assert alert["spec"]["eventSeverity"] == "info"
    assert {source["kind"] for source in alert["spec"]["eventSources"]} == {"Kustomization", "HelmRelease"}
    assert urlsplit(provider["spec"]["address"]).path in PATHS


def test_alertmanager() -> None:
    config = yaml.safe_load((DEPLOY / "alertmanager" / "receiver.yaml").read_text())
    hook = next(receiver for receiver in config["receivers"] if receiver["name"] == "slackops")["webhook_configs"][0]
    assert urlsplit(hook["url"]).path in PATHS
    assert hook["send_resolved"] is True
    assert hook["http_config"]["authorization"]["type"] == "Bearer"
    assert config["route"]["routes"][0]["receiver"] == "slackops"


def test_no_snippet_holds_a_secret() -> None:
    for path in [*(DEPLOY / "argocd").iterdir(), *(DEPLOY / "flux").iterdir(), *(DEPLOY / "alertmanager").iterdir()]:
        found = re.findall(r"(?i)(?:token|credentials|password|secret):\s*(\S.*)", path.read_text())
        assert [value for value in found if not value.startswith("put ")] == [], path
