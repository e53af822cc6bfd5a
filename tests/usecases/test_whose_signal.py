"""A signal is a change's own when its revision holds the change, and says the change's version."""

from __future__ import annotations

from bot.domain.rollout import RolloutState
from bot.domain.signal import Phase
from tests.usecases.chain_rig import chain_rig
from tests.usecases.watch_rig import POLICY, merged, say, state


def test_an_earlier_stay_of_the_same_version_is_another_story() -> None:
    rig = chain_rig(POLICY)
    first = merged(rig, "42")
    merged(rig, "41", number=8)
    second = merged(rig, "42", number=9)
    late = (second.merged_at or 0.0) - (first.merged_at or 0.0) + 5.0
    say(rig, first, Phase.DEGRADED, late)
    assert state(rig, second) is RolloutState.WAITING
    assert state(rig, first) is RolloutState.REPLACED
    say(rig, second, Phase.HEALTHY, 10.0)
    assert state(rig, second) is RolloutState.HEALTHY


def test_a_revision_that_says_another_version_tells_nothing_of_this_one() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig, "42")
    say(rig, change, Phase.HEALTHY, 10.0, version="40")
    assert state(rig, change) is RolloutState.WAITING
