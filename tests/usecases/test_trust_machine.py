"""Nothing that people, the forge and the clock do merges what the policy refuses, or makes a rollback impossible.

`SLACKOPS_TRUST_EXAMPLES` sets how many stories are told: a handful in the suite, thousands for a night.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.usecases.trust_machine import ACTS, Trust
from tests.usecases.trust_machine_world import ANA, MEANWHILE

EXAMPLES = os.environ.get("SLACKOPS_TRUST_EXAMPLES")

Trust.TestCase.settings = settings(
    max_examples=int(EXAMPLES or 45),
    stateful_step_count=40,
    deadline=None,
    derandomize=not EXAMPLES,
    database=None,
    # A story that fails is made shorter by hand, or at night: it takes longer than a test may.
    phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
TestTrust = Trust.TestCase


@pytest.mark.parametrize("what", ACTS)
@pytest.mark.parametrize("call", MEANWHILE)
def test_whatever_happens_right_before_a_merge_is_seen(what: str, call: str) -> None:
    merges = 0
    for times in range(6):
        story = Trust()
        story.merged_while(ANA, call, times, what)
        assert story.world.crimes == [], (times, story.world.crimes)
        merges += story.world.merges
    assert merges, "it never came as far as a merge"
