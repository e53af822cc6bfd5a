"""A deployment repo with a stage before and an environment with two regions, and a bot of fakes over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.cards import ChangeCard, PlanCard, Stage
from bot.domain.change import Action, Change, ChangeState
from bot.domain.commands import ChainOn, Promote
from bot.domain.gates import GateResult
from bot.domain.rollout import Rollout, RolloutState
from bot.domain.signal import Phase, Signal
from bot.ports import Row, SignalRecord
from bot.usecases.propose import first_card
from bot.usecases.tell import post_once
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.usecases.stop_rig import Rig

POLICY = """\
version: 1
environments:
  staging: {}
  production:
    aliases: [prod]
    after: {environment: staging, soak: 1h}
    fan_out: {regions: [eu, us], first: us, soak: 10m}
layouts:
  - {files: ["{model}/{environment}.yaml"], at: uri, value: "s3://{version}"}
  - {files: ["{model}/{environment}/{region}.yaml"], at: uri, value: "s3://{version}"}
models:
  solo: {targets: {staging: [{files: [solo.yaml], at: uri, value: "s3://{version}"}]}}
"""
STAGING, US, EU = "fraud/staging.yaml", "fraud/production/us.yaml", "fraud/production/eu.yaml"
HOUR = 3_600.0


def pin(version: str) -> bytes:
    return f"uri: s3://{version}\n".encode()


def chain_rig(policy: str = POLICY) -> Rig:
    """Everything pins 40, ten days ago; the clock stands ten minutes after the last commit."""
    files = {STAGING: pin("40"), US: pin("40"), EU: pin("40"), "solo.yaml": pin("1")}
    checkout = FakeCheckout({".slackops.yaml": policy.encode(), **files})
    rig = Rig(checkout, FakeClock(0.0))
    rig.registry.add("solo")
    settle(rig)
    return rig


def settle(rig: Rig, after: float = 600.0) -> None:
    """Bring the clock to so many seconds after the newest commit, and the mirror up to date."""
    rig.clock.time = max(rig.clock.time, head_time(rig) + after)
    rig.checkout.fetch()


def head_time(rig: Rig) -> float:
    return float(rig.checkout.commits[rig.checkout.remote["main"]].time)


def move(rig: Rig, path: str, version: str, message: str = "By hand", after: float = 600.0) -> str:
    """Somebody pins a version; the commit."""
    commit = rig.checkout.change("main", {path: pin(version)}, message)
    settle(rig, after)
    return commit


def plan(rig: Rig, environment: str | None, version: str = "42", key: str = "p1") -> PlanCard:
    """What `/promote fraud VERSION [ENV] --plan` tells."""
    rig.ask(Promote, key, model="fraud", version=version, environment=environment, plan=True)
    told = rig.whispered()
    assert isinstance(told, PlanCard), told
    return told


def soak(rig: Rig, environment: str = "production-us", version: str = "42") -> GateResult:
    """The gate on the stage before."""
    return next(gate for gate in plan(rig, environment, version).gates if gate.name.startswith("soak"))


def tell(rig: Rig, environment: str, version: str | None, phase: Phase, at: float, message: str = "") -> None:
    """An engine tells of the target."""
    revision = None if phase in (Phase.ALERT, Phase.CALM) else f"{version:0>40}"
    signal = Signal(source="argocd", application="a", phase=phase, at=at, revision=revision, message=message)
    rig.ctx.signals.add([SignalRecord("fraud", environment, signal, version, at)])


def merged_first(rig: Rig, version: str = "42", **turned: Any) -> Change:
    """The first region has the version by a change of Ana's, which was merged a moment ago; with its card."""
    commit = move(rig, US, version, after=0.0)
    made = rig.open_change(7, to=version, environment="production-us")
    change = rig.changes.update(
        made.id,
        lambda c: replace(
            c,
            intent=replace(c.intent, action=Action.PROMOTE),
            state=ChangeState.WATCHING,
            merge_commit=commit,
            merged_at=head_time(rig),
            created_at=head_time(rig) - 60.0,
            logins=("ana",),
            **turned,
        ),
    )
    card: ChangeCard = replace(first_card(change), number=7, stage=Stage.MERGED)
    post_once(rig.ctx, change.id, "card", "C0DEPLOYS", card, thread=None, broadcast=False)
    return change


def rows(rig: Rig, kind: type = ChainOn) -> list[Row]:
    """The rows of a kind that are due."""
    found = []
    while row := rig.inbox.claim("w", 60):
        rig.inbox.done(row)
        if isinstance(row.command, kind):
            found.append(row)
    return found


def healthy(at: float) -> Rollout:
    return Rollout(RolloutState.HEALTHY, at, healthy_at=at)
