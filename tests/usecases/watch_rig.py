"""A stage that an engine tells of, a change that was merged there, and a bot of fakes over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.cards import ChangeCard, Stage
from bot.domain.change import Change, ChangeState
from bot.domain.commands import Watch
from bot.domain.rollout import RolloutState
from bot.domain.signal import Phase, Signal
from bot.ports import SignalRecord
from bot.usecases.looking import next_of, rollout_of
from bot.usecases.propose import first_card
from bot.usecases.tell import post_once
from tests.usecases.chain_rig import STAGING, head_time, move, rows, settle
from tests.usecases.stop_rig import Rig

POLICY = """\
version: 1
environments:
  staging: {rollout: {engine: argocd, watch: 1h, on_degraded: rollback}, on_healthy: {alias: champion}}
  production: {rollback: {approvals: 2}}
layouts:
  - {files: ["{model}/{environment}.yaml"], at: uri, value: "s3://{version}"}
"""
SHARED = (
    POLICY.split("layouts", maxsplit=1)[0]
    + """\
models:
  fraud:
    targets:
      staging: [{files: [fraud/staging.yaml], at: uri, value: "s3://{version}", shared_with: [production]}]
      production: [{files: [fraud/staging.yaml], at: uri, value: "s3://{version}", shared_with: [staging]}]
"""
)
BY_ID = POLICY.replace('"s3://{version}"', '"s3://{model_id}"')
BROKEN = b"version: 1\nenvironmens: {}\n"


def merged(rig: Rig, version: str = "42", number: int = 7, **more: Any) -> Change:
    """Staging has the version by a change that was merged a moment ago; with its card."""
    pinned = more.pop("pinned", version)
    commit = move(rig, STAGING, pinned, f"Promote {version}", after=1.0)
    made = rig.open_change(number, to=version, environment="staging")
    at = head_time(rig)
    known: dict[str, Any] = {
        "state": ChangeState.WATCHING,
        "merge_commit": commit,
        "base": commit,
        "merged_at": at,
        "created_at": at,
    }
    change = rig.changes.update(made.id, lambda c: replace(c, **(known | more)))
    card: ChangeCard = replace(first_card(change), number=number, stage=Stage.MERGED)
    post_once(rig.ctx, change.id, "card", "C0DEPLOYS", card, thread=None, broadcast=False)
    return change


def say(
    rig: Rig, change: Change, phase: Phase, after: float, source: str = "argocd", version: str | None = None
) -> None:
    """An engine tells of the change's merge commit, so many seconds after the merge."""
    at = (change.merged_at or 0.0) + after
    signal = Signal(source=source, application="a", phase=phase, at=at, revision=change.merge_commit, message="pods")
    rig.ctx.signals.add([SignalRecord("fraud", "staging", signal, version or change.intent.to, at)])
    rig.clock.time = max(rig.clock.time, at + 1.0)


def watch(rig: Rig, change: Change, key: str = "w1") -> None:
    rig.dispatcher(rig.row(Watch(change=change.id, number=change.number or 0), key))


def state(rig: Rig, change: Change) -> RolloutState:
    policy = rig.dispatcher.repo.policy(rig.checkout.head())
    return rollout_of(rig.ctx, rig.dispatcher.repo, policy, change, next_of(rig.ctx, change)).state


def break_policy(rig: Rig, content: bytes = BROKEN) -> None:
    rig.checkout.change("main", {".slackops.yaml": content}, "Oops")
    settle(rig, 1.0)


def due(rig: Rig, kind: type, seconds: float) -> list[Any]:
    """What is due after so many seconds."""
    rig.clock.tick(seconds)
    return rows(rig, kind)
