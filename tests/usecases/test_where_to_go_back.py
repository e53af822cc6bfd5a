"""A rollback goes to the last version that was healthy when it was left, by what engines told."""

from __future__ import annotations

from bot.domain.signal import Phase
from bot.usecases.going_back import where_to
from tests.usecases.chain_rig import chain_rig
from tests.usecases.stop_rig import Rig
from tests.usecases.watch_rig import POLICY, merged, say


def to(rig: Rig) -> str | None:
    repo = rig.dispatcher.repo
    choice = where_to(rig.ctx, repo, repo.policy(rig.checkout.head()), "fraud", "staging")
    return choice.past.version if choice else None


def test_what_was_bad_when_it_was_left_is_passed_over() -> None:
    rig = chain_rig(POLICY)
    good = merged(rig, "42")
    say(rig, good, Phase.HEALTHY, 10.0)
    bad = merged(rig, "43", number=8)
    say(rig, bad, Phase.HEALTHY, 10.0)
    say(rig, bad, Phase.DEGRADED, 20.0)
    merged(rig, "44", number=9)
    assert to(rig) == "42"


def test_without_a_word_of_any_engine_it_is_the_version_before() -> None:
    rig = chain_rig(POLICY)
    merged(rig, "42")
    merged(rig, "43", number=8)
    merged(rig, "44", number=9)
    assert to(rig) == "43"
