"""The contract of an engine that can be asked. The fake; and Argo CD's adapter, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest

from bot.adapters.argocd import ArgoCdEngine
from bot.domain.signal import Phase, Signal
from bot.errors import Fatal, Transient
from bot.ports import Engine
from bot.signals import argocd
from tests.fakes.signals import FakeEngine
from tests.signals.test_argocd import app

KNOWN = argocd.parse(app())[0]


@dataclass
class Rig:
    """``trouble`` makes the engine fail from now on: an HTTP status, or 0 for no answer."""

    engine: Engine
    trouble: Callable[[int], None]


def fake() -> Rig:
    engine = FakeEngine(dict.fromkeys(("churn-production", "argocd/churn-production"), KNOWN))

    def trouble(status: int) -> None:
        engine.down = Fatal("the token was not taken") if status == 401 else Transient("no answer")

    return Rig(engine, trouble)


def over_http() -> Rig:
    failing: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if failing:
            if failing[-1] == 0:
                raise httpx.ConnectTimeout("no answer")
            return httpx.Response(failing[-1])
        here = request.url.params.get("appNamespace", "argocd") == "argocd"
        mine = here and request.url.path == "/api/v1/applications/churn-production"
        return httpx.Response(200, json=app()) if mine else httpx.Response(403, json={"error": "permission denied"})

    client = httpx.Client(transport=httpx.MockTransport(answer))
    return Rig(ArgoCdEngine("https://argocd.example", "token", client=client), failing.append)


@pytest.fixture(params=[fake, over_http], ids=["fake", "argocd"])
def rig(request: pytest.FixtureRequest) -> Rig:
    made: Rig = request.param()
    return made


@pytest.mark.parametrize("name", ["churn-production", "argocd/churn-production"])
def test_how_an_application_is_now(rig: Rig, name: str) -> None:
    found = rig.engine.look(name)
    assert isinstance(found, Signal)
    assert (found.application, found.phase) == ("argocd/churn-production", Phase.HEALTHY)
    assert rig.engine.look(name) == found


@pytest.mark.parametrize("name", ["ltv-production", "other/churn-production", ""])
def test_one_that_is_not_there(rig: Rig, name: str) -> None:
    assert rig.engine.look(name) is None


@pytest.mark.parametrize(("status", "kind"), [(0, Transient), (500, Transient), (401, Fatal)])
def test_trouble_is_told_by_its_class(rig: Rig, status: int, kind: type[Exception]) -> None:
    rig.trouble(status)
    with pytest.raises(kind):
        rig.engine.look("churn-production")
