"""A ladder at odds with the world: two who abort, a silent registry, a slot that stands by, a share left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.change import Rung
from bot.domain.commands import SteerLadder
from bot.domain.policy import parse_policy
from bot.domain.signal import Phase
from bot.errors import Refused, RegistryUnavailable
from bot.usecases.ladder_words import ladder_of
from bot.usecases.merging import rebuild
from bot.usecases.promote import promote
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.usecases.chain_rig import head_time, settle, tell
from tests.usecases.ladder_rig import (
    ASKED,
    BEN,
    POLICY,
    gate,
    ladder_rig,
    look,
    look_at,
    manifest,
    opened,
    repo_of,
    second,
    told,
)
from tests.usecases.stop_rig import ANA, Rig


def test_the_second_click_on_abort_is_an_approval_too() -> None:
    rig, step = ladder_rig()
    rig.ask(SteerLadder, "ben", by=BEN, change=step.id, do="abort")  # Ben has no account, so his click approves nothing
    assert [r.key for r in rig.inbox.records if "approve" in r.key] == []
    first = opened(rig)
    rig.ask(SteerLadder, "ana", change=step.id, do="abort")
    assert opened(rig) is not None
    assert first is not None
    assert [r.key for r in rig.inbox.records if "approve" in r.key] == ["ana:approve"]
    now = rig.changes.get(first.id)
    assert now is not None
    assert now.requesters == (BEN, ANA)
    assert ladder_of(parse_policy({"p": POLICY.encode()}).environment("production"), now) == ""


def test_a_registry_that_does_not_answer_ends_no_ladder() -> None:
    ids = POLICY.replace("s3://{version}", "s3://{run_id}")
    told_by = {"variables": {"run_id": "run-fraud-42"}}
    rig, step = ladder_rig(ids, [manifest("run-fraud-40", 100), manifest("run-fraud-42", 10)], **told_by)
    rig.registry.down = RegistryUnavailable("MLflow is down")
    assert gate(rig, second(rig, step)) is None
    rig.ask(SteerLadder, "abort", change=step.id, do="abort")
    abort = opened(rig)
    assert abort is not None
    assert abort.rung is not None
    assert abort.rung.percent == 0


SLOTS = POLICY.replace("kserve-serverless, percents: [10, 50, 100]", "blue-green").replace("notify", "rollback")
PLACES = """\
files: [fraud.yaml], set: [{at: blue, value: "{version}"},
      {role: candidate, at: green, value: "{version}"}, {role: switch, at: serves, value: "{slot}"}]}]}}
"""


def test_what_stands_by_is_bad_and_what_serves_is_left_alone() -> None:
    policy = SLOTS[: SLOTS.index("files: [fraud.yaml]")] + PLACES
    moves = (("38", "37"), ("40", "37"), ("40", "42"))
    history = [{"fraud.yaml": f"blue: '{blue}'\ngreen: '{green}'\nserves: blue\n".encode()} for blue, green in moves]
    rig, step = ladder_rig(policy, history)
    rung = Rung(step.id, "blue-green", (0, 100), 0, 0)
    step = rig.changes.update(step.id, lambda c: replace(c, rung=rung, intent=replace(c.intent, percent=0)))
    rig.clock.time += 60.0
    told(rig, step, Phase.DEGRADED)
    look(rig, step)
    look(rig, step)
    assert opened(rig) is None
    now = rig.changes.get(step.id)
    assert now is not None
    assert now.auto is not None
    assert "no traffic goes to it yet" in now.auto


def test_a_share_that_was_left_behind_is_no_promotion() -> None:
    plain = POLICY.replace(
        "    steps: {mode: kserve-serverless, percents: [10, 50, 100], watch: 30m, approvals: 1}\n", ""
    )
    rig = Rig(FakeCheckout({".slackops.yaml": plain.encode(), **manifest("40", 10)}), FakeClock(0.0))
    settle(rig)
    with pytest.raises(Refused, match="gives a new version 10 % of the traffic"):
        promote(rig.ctx, repo_of(rig), rig.row(ASKED), ASKED)
    rig.checkout.change("main", manifest("40", 100), "Mended")
    rig.dispatcher(rig.row(ASKED))
    assert opened(rig) is not None


def test_an_abort_that_is_rendered_anew_stays_one() -> None:
    """Also where an older version was told to be healthy and the stable one was not: it goes nowhere else."""
    rig, step = ladder_rig(history=[manifest("38", 100), manifest("40", 100), manifest("42", 10)])
    times = {"38": 100.0, "40": 30.0}
    for version, phase in (("38", Phase.HEALTHY), ("40", Phase.DEGRADED)):
        tell(rig, "production", version, phase, head_time(rig) - times[version])
    rig.ask(SteerLadder, "ana", change=step.id, do="abort")
    abort = opened(rig)
    assert abort is not None
    assert (abort.swift, abort.intent.to) == (True, "40")
    rig.checkout.change("main", {"fraud.yaml": manifest("42", 10)["fraud.yaml"] + b"# a remark\n"}, "Remark")
    rig.checkout.fetch()
    seen = look_at(rig, abort)
    assert seen.today is not None
    rebuild(rig.ctx, repo_of(rig), seen, seen.today)
    now = rig.changes.get(abort.id)
    assert now is not None
    assert now.head != abort.head
    assert now.swift
