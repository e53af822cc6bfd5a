"""The policy's rule on a bad day: flapping, storms, shared values, a rollback that had to wait."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import ChangeState
from bot.domain.commands import AutoRollback, Reconcile
from bot.domain.drifting.windows import Kind
from bot.domain.signal import Phase
from bot.usecases.auto_rollback import gone_bad
from tests.fakes.incident_log import FakeIncidentLog
from tests.usecases.chain_rig import chain_rig, rows
from tests.usecases.incident_rig import incident
from tests.usecases.watch_rig import POLICY, SHARED, merged, say, watch


def test_a_storm_counts_what_was_taken_back_already() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig, degraded_at=rig.clock.now())
    rig.changes.update(change.id, lambda c: replace(c, state=ChangeState.MERGED, outcome="replaced"))
    assert gone_bad(rig.ctx, rig.clock.now() - 900.0) == 1


def test_a_storm_counts_models_that_drift_too_each_once() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig, degraded_at=rig.clock.now())
    log, now = FakeIncidentLog(), rig.clock.now()
    log.save(None, [incident("A", opened=now), incident("B", Kind.SERVICE, opened=now, card="A")])
    log.save(None, [incident("C", opened=now, model=change.intent.model, environment=change.intent.environment)])
    log.save(None, [incident("D", opened=now - 901.0, model="churn")])
    assert gone_bad(replace(rig.ctx, incident_log=log), now - 900.0) == 2


def test_the_rule_hears_of_a_relapse_after_it_found_all_well() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    say(rig, change, Phase.DEGRADED, 20.0)
    watch(rig, change)
    (first,) = rows(rig, AutoRollback)
    say(rig, change, Phase.HEALTHY, 40.0)  # before the rule's row was carried out
    rig.dispatcher(first)
    assert rig.changes.open_for("fraud", "staging") is None
    say(rig, change, Phase.DEGRADED, 60.0)
    watch(rig, change, "w2")
    (second,) = rows(rig, AutoRollback)
    rig.dispatcher(second)
    back = rig.changes.open_for("fraud", "staging")
    assert back is not None
    assert (back.intent.to, back.unattended, back.cause) == ("40", True, change.id)


def test_what_serves_a_stricter_environment_too_is_not_taken_back_unattended() -> None:
    rig = chain_rig(SHARED)
    change = merged(rig)
    say(rig, change, Phase.DEGRADED, 20.0)
    rig.dispatcher(rig.row(AutoRollback(change=change.id, merge=True)))
    back = rig.changes.open_for("fraud", "staging")
    assert back is not None
    assert not back.unattended


def test_a_rollback_that_waited_is_not_merged_by_itself_once_all_is_well() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    say(rig, change, Phase.DEGRADED, 20.0)
    rig.dispatcher(rig.row(AutoRollback(change=change.id, merge=True)))
    back = rig.changes.open_for("fraud", "staging")
    assert back is not None
    assert back.unattended
    say(rig, change, Phase.HEALTHY, 40.0)
    rig.dispatcher(rig.row(Reconcile(number=back.number or 0), "r1"))
    assert not rig.ctx.forge.pull(back.number or 0).merged
    say(rig, change, Phase.DEGRADED, 60.0)
    rig.dispatcher(rig.row(Reconcile(number=back.number or 0), "r2"))
    assert rig.ctx.forge.pull(back.number or 0).merged
