"""A ladder on fakes: one target in steps, the first of them merged, and a bot over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.change import Action, Change, ChangeState, Rung
from bot.domain.commands import Promote, Reconcile, Watch
from bot.domain.people import Person
from bot.domain.signal import Phase
from bot.domain.snapshot import Snapshot
from bot.usecases.names import VersionNames
from bot.usecases.observe import snapshot
from bot.usecases.propose import first_card
from bot.usecases.repo import Repo
from bot.usecases.tell import post_once
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.usecases.chain_rig import head_time, settle, tell
from tests.usecases.stop_rig import ANA, Rig

POLICY = """\
version: 1
environments:
  production:
    rollout: {engine: argocd, timeout: 10m, watch: 1h, on_degraded: notify}
    steps: {mode: kserve-serverless, percents: [10, 50, 100], watch: 30m, approvals: 1}
models:
  fraud: {targets: {production: [{files: [fraud.yaml], at: spec.predictor.model.storageUri, value: "s3://{version}"}]}}
"""
MANIFEST = "spec:\n  predictor:\n    canaryTrafficPercent: %d\n    model: {storageUri: s3://%s}\n"
BEN = Person(team="T0SANDBOX", user="U0BEN")
HALF_HOUR = 1_800.0
ASKED = Promote(by=ANA, model="fraud", version="42", environment="production")


def manifest(version: str, percent: int) -> dict[str, bytes]:
    return {"fraud.yaml": (MANIFEST % (percent, version)).encode()}


def ladder_rig(policy: str = POLICY, history: Sequence[dict[str, bytes]] = (), **turned: Any) -> tuple[Rig, Change]:
    """42 has 10 %, by a step of Ana's that is merged and healthy since a minute; or as told, the step last."""
    first, *more = history or (manifest("40", 100), manifest("42", 10))
    rig = Rig(FakeCheckout({".slackops.yaml": policy.encode(), **first}), FakeClock(0.0))
    commit = [rig.checkout.change("main", files, "Move") for files in more][-1]
    settle(rig, 60.0)
    made = rig.open_change(7)
    rung = Rung(made.id, "kserve-serverless", (10, 50, 100), 0, 10)
    facts: dict[str, Any] = {"variables": {"version": "42"}, "rung": rung, "logins": ("ana",), **turned}
    merged: dict[str, Any] = {"state": ChangeState.WATCHING, "merge_commit": commit, "merged_at": head_time(rig)}
    intent = replace(made.intent, action=Action.PROMOTE, percent=10)
    step = rig.changes.update(made.id, lambda c: replace(c, intent=intent, **merged, **facts))
    post_once(rig.ctx, step.id, "card", "C0DEPLOYS", first_card(step), thread=None, broadcast=False)
    told(rig, step, Phase.HEALTHY)
    return rig, step


def told(rig: Rig, step: Change, phase: Phase) -> None:
    """Argo CD tells of the step's commit, now."""
    tell(rig, "production", "42", phase, rig.clock.now())
    record = rig.ctx.signals.of("fraud", "production")[-1]
    signal = record.signal.model_copy(update={"revision": step.merge_commit})
    rig.ctx.signals.add([replace(record, signal=signal)])


def look(rig: Rig, step: Change) -> None:
    """A look at the step, and all that is due because of it; what is to be looked at later stays."""
    rig.inbox.put(f"look:{rig.clock.now()}:{len(rig.inbox.records)}", Watch(change=step.id, number=step.number or 0))
    while row := rig.inbox.claim("w", 60):
        if not isinstance(row.command, Reconcile):
            rig.dispatcher(row)
        rig.inbox.done(row)


def opened(rig: Rig) -> Change | None:
    return rig.changes.open_for("fraud", "production")


def repo_of(rig: Rig) -> Repo:
    """The deployment repo with names that nobody asked for before."""
    return Repo(rig.checkout, VersionNames(rig.registry, rig.clock))


def look_at(rig: Rig, change: Change) -> Snapshot:
    """What the reconciler sees of an open change."""
    rig.checkout.fetch()
    assert change.number is not None
    return snapshot(rig.ctx, repo_of(rig), change, rig.ctx.forge.pull(change.number))


def gate(rig: Rig, change: Change) -> Any:
    """What the ladder says to a merge of the open step."""
    return next((one for one in look_at(rig, change).gates if one.name == "ladder"), None)


def second(rig: Rig, step: Change) -> Change:
    """The step to 50 %, open."""
    rig.clock.time += HALF_HOUR
    look(rig, step)
    found = opened(rig)
    assert found is not None
    assert found.rung is not None
    assert found.rung.percent == 50
    return found
