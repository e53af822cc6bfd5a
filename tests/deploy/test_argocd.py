"""Our Argo CD notifications: valid, and what the template prints tells the same as the Application itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.signals import argocd
from tests.signals.anything import CONTRACTS, contract
from tests.signals.test_argocd import REPO, URL, app, with_sync
from tests.support.go_template import render

FOLDER = Path(__file__).parents[2] / "deploy" / "argocd"
NOTIFICATIONS = yaml.safe_load((FOLDER / "notifications.yaml").read_text())["data"]
TEMPLATE = yaml.safe_load(NOTIFICATIONS["template.slackops"])["webhook"]["slackops"]
TRIGGER = yaml.safe_load(NOTIFICATIONS["trigger.slackops"])


def printed(application: dict[str, Any]) -> Any:
    return json.loads(render(TEMPLATE["body"], {"app": application}))


def several() -> dict[str, Any]:
    """An Application with a chart, a foreign repo and ours."""
    application = app("Failed")
    urls = ["https://charts.example", "https://forge.example/acme/values", URL]
    application["spec"] = {"sources": [{"repoURL": url, "helm": {"values": "password: hunter2"}} for url in urls]}
    result = {"revisions": ["1.2.3", "c" * 40, "b" * 40]}
    application["status"]["operationState"]["syncResult"] = result
    return application


def culprit() -> dict[str, Any]:
    application = app("Succeeded", "Degraded")
    del application["status"]["health"]["message"]
    told = {"status": "Degraded", "message": 'said "no"\n{{ .app }} </script>'}
    application["status"]["resources"] = [{"kind": "Deployment", "name": "b", "health": told}]
    return application


def without_result() -> dict[str, Any]:
    application = app("Running", finished=None)
    application["status"]["operationState"] |= {"syncResult": None, "operation": {"sync": {"revision": "b" * 40}}}
    return application


@pytest.mark.parametrize(
    "application",
    [
        app("Running", finished=None),
        app("Error"),
        app(),
        app(changed=None),
        app("Succeeded", "Degraded", changed=59),
        app(changed=5),
        app(changed=5, compared=14),
        with_sync(app(), revision="b" * 40),
        several(),
        culprit(),
        without_result(),
    ],
)
def test_what_is_printed_tells_the_same(application: dict[str, Any]) -> None:
    told = argocd.parse(application, REPO)
    assert told
    assert argocd.parse(printed(application), REPO) == told


def test_a_real_application_too() -> None:
    application = contract("signals/argocd.application.json")["body"]
    assert argocd.parse(printed(application)) == argocd.parse(application) != ()


def test_nothing_of_a_source_but_its_url_leaves_the_cluster() -> None:
    assert "hunter2" not in json.dumps(printed(several()))


def test_where_it_goes() -> None:
    service = yaml.safe_load(NOTIFICATIONS["service.webhook.slackops"])
    assert service["url"].startswith("https://")
    headers = {header["name"]: header["value"] for header in service["headers"]}
    assert headers["Authorization"] == "Bearer $slackops-token"
    assert (TEMPLATE["method"], TEMPLATE["path"]) == ("POST", "/webhooks/argocd")


def test_each_condition_is_sent_once_for_each_of_its_times() -> None:
    assert len(TRIGGER) == len({condition["when"] for condition in TRIGGER})
    for condition in TRIGGER:
        assert condition["send"] == ["slackops"]
        assert re.search(r"(startedAt|finishedAt)", condition["oncePer"])
        assert "evision" not in condition["oncePer"]
    health = [condition["oncePer"] for condition in TRIGGER if "'Succeeded'" in condition["when"]]
    assert any("health.lastTransitionTime" in once for once in health)


def test_every_field_that_is_named_is_one_of_the_application_s() -> None:
    path = CONTRACTS / "signals" / "argocd.application.crd.schema.json"
    if not path.exists():
        pytest.skip("contracts: set SLACKOPS_CONTRACTS to the folder to run this")
    schema = json.loads(path.read_text())
    named = set(re.findall(r"\bapp\.((?:spec|status)[\w.]*)", str(TRIGGER) + TEMPLATE["body"]))
    assert len(named) > 10
    for field in named:
        here = schema
        for part in field.split("."):
            assert part in here["properties"], field
            here = here["properties"][part]


def test_the_account_may_only_look() -> None:
    config, rbac = yaml.safe_load_all((FOLDER / "account.yaml").read_text())
    assert config["data"] == {"accounts.slackops": "apiKey"}
    lines = [[part.strip() for part in line.split(",")] for line in rbac["data"]["policy.slackops.csv"].splitlines()]
    assert [line[2:4] for line in lines if line[0] == "p"] == [["applications", "get"]]
