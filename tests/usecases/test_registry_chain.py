"""What a rule asked for in the first region goes on to the others like what people ask for."""

from __future__ import annotations

from bot.domain.commands import ChainOn
from bot.domain.signal import Phase
from tests.usecases.chain_rig import HOUR, POLICY, chain_rig, merged_first, tell

RULED = POLICY.replace("layouts:", 'roles: {promote: ["slack:U0BEN"]}\nlayouts:')


def test_the_next_region_is_asked_for_by_the_same_rule() -> None:
    rig = chain_rig(RULED)
    first = merged_first(rig, requesters=(), rule="@challenger was set to 42")
    tell(rig, "production-us", "42", Phase.HEALTHY, rig.clock.now())
    rig.clock.time += HOUR
    rig.dispatcher(rig.row(ChainOn(change=first.id, model="fraud", environment="production-eu"), "c1"))
    [change] = rig.changes.all_open()
    assert (change.intent.environment, change.intent.to) == ("production-eu", "42")
    assert (change.requesters, change.rule, change.cause) == ((), first.rule, first.id)
    assert change.number is not None
    assert "SlackOps-Requested-By: policy" in rig.ctx.forge.pull(change.number).body
