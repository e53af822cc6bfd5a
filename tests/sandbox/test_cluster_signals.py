"""What Argo CD and Flux would send, and that it arrives."""

import hashlib
import hmac
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.cluster import Cluster, Endpoint, Signals, argocd_body, flux_body
from bot.sandbox.cluster.workload import Workload
from bot.sandbox.seed import deployed, write_history
from bot.sandbox.serving import Server, bind
from bot.sandbox.state import State

CONTRACTS = Path(os.environ.get("SLACKOPS_CONTRACTS") or Path(__file__).parents[3] / "shared" / "contracts")
SHA = "a" * 40
URL = "https://forge.example/acme/ml-deployments.git"
HEALTHY = Workload(
    model="ltv",
    environment="production",
    version="4",
    revision=SHA,
    health="Healthy",
    phase="Succeeded",
    since="2026-01-05T10:00:03.000Z",
    file="apps/ltv/overlays/production/kustomization.yaml",
    kind="Deployment",
    namespace="ml-production",
    image="registry.acme.example/ml/ltv:v4",
    started="2026-01-05T10:00:00.000Z",
    finished="2026-01-05T10:00:01.000Z",
)
DEGRADED = HEALTHY.turned("Degraded", "readiness failed, 2 of 3 pods", "2026-01-05T11:00:00.000Z")
RUNNING = replace(HEALTHY, health="Progressing", phase="Running", finished="")


@pytest.mark.parametrize("workload", [HEALTHY, DEGRADED, RUNNING])
def test_the_application_is_one_of_argo_cd_s(workload: Workload) -> None:
    path = CONTRACTS / "signals" / "argocd.application.crd.schema.json"
    if not path.exists():
        pytest.skip("needs shared/contracts (SLACKOPS_CONTRACTS)")
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(argocd_body(workload.doc(), URL)["app"], json.loads(path.read_text()))


def test_argo_cd_says_health_revision_and_the_operation_s_times() -> None:
    app = argocd_body(DEGRADED.doc(), URL)["app"]
    assert app["metadata"]["name"] == "ltv-production"
    assert app["spec"]["source"]["path"] == "apps/ltv/overlays/production"
    assert app["status"]["health"] == {
        "status": "Degraded",
        "lastTransitionTime": "2026-01-05T11:00:00.000Z",
        "message": "readiness failed, 2 of 3 pods",
    }
    assert app["status"]["operationState"]["syncResult"]["revision"] == SHA
    assert app["status"]["summary"]["images"] == ["registry.acme.example/ml/ltv:v4"]
    assert argocd_body(RUNNING.doc(), URL)["app"]["status"]["sync"]["status"] == "OutOfSync"


def test_flux_says_severity_reason_and_revision() -> None:
    bad, good = flux_body(DEGRADED.doc()), flux_body(HEALTHY.doc())
    assert (bad["severity"], bad["reason"]) == ("error", "HealthCheckFailed")
    assert (good["severity"], good["reason"]) == ("info", "ReconciliationSucceeded")
    assert good["metadata"]["revision"] == f"main@sha1:{SHA}"
    assert good["involvedObject"]["name"] == "ltv-production"
    failed = flux_body(replace(HEALTHY, phase="Failed", message="x.yaml:3: bad").doc())
    assert (failed["severity"], failed["reason"], failed["message"]) == ("error", "BuildFailed", "x.yaml:3: bad")


def test_flux_has_the_keys_of_the_published_event() -> None:
    path = CONTRACTS / "signals" / "flux.event.kustomization.error.json"
    if not path.exists():
        pytest.skip("needs shared/contracts (SLACKOPS_CONTRACTS)")
    published = json.loads(path.read_text())["body"]
    ours = flux_body(DEGRADED.doc())
    assert set(ours) >= set(published) - {"relatedObject", "action"}
    assert set(ours["involvedObject"]) == set(published["involvedObject"]) - {"uid"}


class Listener:
    """Answers with the next of ``answers``, then with 202."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.sock = bind(0)
        self.url = f"http://127.0.0.1:{self.sock.getsockname()[1]}"
        self.server = Server(Starlette(routes=[Route("/{name}", self.take, methods=["POST"])]), self.sock)

    async def take(self, request: Request) -> Response:
        self.got.append((request.path_params["name"], dict(request.headers), await request.body()))
        return Response(status_code=self.answers.pop(0) if self.answers else 202)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    await made.server.start()
    yield made
    await made.server.stop()


async def sent(signals: Signals, *workloads: Workload) -> None:
    for one in workloads:
        signals.send(one.doc())
    await signals.drain()
    await signals.stop()


async def test_they_arrive_in_order_and_can_be_verified(listener: Listener) -> None:
    argocd, flux = Endpoint(f"{listener.url}/argocd", "token"), Endpoint(f"{listener.url}/flux", "key")
    await sent(Signals(URL, argocd=argocd, flux=flux), RUNNING, HEALTHY)
    assert [name for name, _, _ in listener.got] == ["argocd", "flux", "argocd", "flux"]
    _, headers, body = listener.got[0]
    assert headers["authorization"] == "Bearer token"
    assert json.loads(body)["app"]["status"]["health"]["status"] == "Progressing"
    _, headers, body = listener.got[3]
    assert headers["x-signature"] == "sha256=" + hmac.new(b"key", body, hashlib.sha256).hexdigest()


async def test_a_fault_of_the_server_is_tried_again_a_refusal_is_not(listener: Listener) -> None:
    signals: dict[str, Any] = {"argocd": Endpoint(f"{listener.url}/argocd", "token"), "pauses": (0, 0, 0)}
    listener.answers = [500, 503, 202]
    await sent(Signals(URL, **signals), HEALTHY)
    assert len(listener.got) == 3
    listener.answers = [401]
    await sent(Signals(URL, **signals), HEALTHY)
    assert len(listener.got) == 4


async def test_a_cluster_tells_again_how_everything_is(listener: Listener, tmp_path: Path) -> None:
    async def moves() -> AsyncIterator[None]:
        for sign in list[None]():
            yield sign

    write_history(tmp_path / "repo.git")
    signals = Signals(URL, argocd=Endpoint(f"{listener.url}/argocd", "token"))
    cluster = Cluster(State(":memory:"), tmp_path / "repo.git", signals=signals)
    await cluster.start(moves())
    await signals.drain()
    assert listener.got == []  # what ran before anybody looked is no news
    cluster.tell_again()
    await signals.drain()
    told = [json.loads(body)["app"] for _, _, body in listener.got]
    assert {(one["metadata"]["name"], one["status"]["health"]["status"]) for one in told} == {
        (f"{model}-{stage}", "Healthy") for model, stage in deployed()
    }
    await cluster.stop()


async def test_nobody_there_loses_the_signal_and_nothing_else() -> None:
    nobody = bind(0)
    url = f"http://127.0.0.1:{nobody.getsockname()[1]}/argocd"
    nobody.close()
    await sent(Signals(URL, argocd=Endpoint(url, "token"), pauses=(0, 0)), HEALTHY)


async def test_without_an_endpoint_nothing_is_kept() -> None:
    await sent(Signals(URL), HEALTHY)
