"""May the rule take a change back by itself?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.auto import Act, AutoFacts, Stand, decide
from bot.domain.change import Action
from bot.domain.policy import RolloutRule


def facts(on_degraded: str = "rollback", **more: Any) -> AutoFacts:
    usual: dict[str, Any] = {
        "rule": RolloutRule(engine="argocd", on_degraded=on_degraded),  # type: ignore[arg-type]
        "action": Action.PROMOTE,
        "bad_now": True,
        "in_time": True,
        "replaced": False,
        "open_change": None,
        "storm": 1,
        "limit": 5,
        "back_to": "41",
        "swift": True,
        "required_reviews": 0,
    }
    return AutoFacts(**usual | more)


@pytest.mark.parametrize(
    ("seen", "merge", "words"),
    [
        (facts("propose"), False, "on_degraded is propose"),
        (facts("rollback"), True, "on_degraded is rollback"),
        (facts("rollback", required_reviews=2), False, "require 2 reviews (forge_requires_review)"),
        (facts("rollback", swift=False), False, "never really there"),
        (facts("propose", required_reviews=2), False, "on_degraded is propose"),
        (facts("rollback", storm=5), True, "on_degraded is rollback"),
        (facts("rollback", action=Action.STEP), True, "on_degraded is rollback"),
    ],
    ids=["propose", "merge", "forge", "not there", "propose under reviews", "no storm yet", "a step"],
)
def test_it_acts(seen: AutoFacts, merge: bool, words: str) -> None:
    decision = decide(seen)
    assert isinstance(decision, Act)
    assert decision.merge is merge
    assert words in decision.text


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (facts("notify"), ""),
        (facts(bad_now=False), ""),
        (facts(replaced=True), ""),
        (facts(action=Action.ROLLBACK), ""),
        (facts(in_time=False), "after the time"),
        (facts(open_change=13), "#13 is open"),
        (facts(storm=6), "6 went bad at once"),
        (facts(back_to=None), "no version to go back to"),
    ],
    ids=["notify", "well again", "replaced", "a rollback", "too late", "somebody acts", "a storm", "nowhere to go"],
)
def test_it_stands_by_and_says_why(seen: AutoFacts, words: str) -> None:
    decision = decide(seen)
    assert isinstance(decision, Stand)
    assert (words in decision.text) if words else not decision.text
