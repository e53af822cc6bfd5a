"""May the policy's rule take a change back by itself? Facts in, decision out; the last branch refuses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.change import Action
from bot.domain.policy import RolloutRule


@dataclass(frozen=True)
class AutoFacts:
    """What the rule looks at. ``storm`` is how many targets went bad within the policy's time, ``limit`` how many may;
    ``required_reviews`` what the forge itself demands of every merge."""

    rule: RolloutRule
    action: Action
    bad_now: bool
    in_time: bool
    replaced: bool
    open_change: int | None
    storm: int
    limit: int
    back_to: str | None
    swift: bool
    required_reviews: int


@dataclass(frozen=True)
class Act:
    """Propose the rollback; ``merge``: nobody need approve it. ``text`` says what is done, and why."""

    merge: bool
    text: str


@dataclass(frozen=True)
class Stand:
    """Do nothing. ``text`` says why; empty where there is nothing to say."""

    text: str


def decide(facts: AutoFacts) -> Act | Stand:
    """Only what is bad now, went bad in time, and is still the newest; never in a storm."""
    why = _why_not(facts)
    if why is not None:
        return Stand(why)
    if facts.rule.on_degraded == "propose":
        return Act(False, "The policy had the rollback proposed: on_degraded is propose.")
    if facts.required_reviews:
        return Act(
            False,
            "The rollback is proposed, not merged by itself: the branch rules require "
            f"{facts.required_reviews} review{'s' if facts.required_reviews > 1 else ''} (forge_requires_review).",
        )
    if not facts.swift:
        return Act(False, "The rollback is proposed, not merged by itself: its version was never really there.")
    return Act(True, "The policy takes it back by itself: on_degraded is rollback.")


def _why_not(facts: AutoFacts) -> str | None:
    refusals = (
        (facts.rule.on_degraded == "notify", ""),
        (facts.replaced or not facts.bad_now, ""),
        (facts.action is Action.ROLLBACK, ""),
        (not facts.in_time, "Not taken back by itself: it went bad after the time for which it is watched."),
        (facts.open_change is not None, f"Not taken back by itself: #{facts.open_change} is open for it."),
        (
            facts.storm > facts.limit,
            f"Not taken back by itself: {facts.storm} went bad at once, so the cause may lie elsewhere.",
        ),
        (facts.back_to is None, "Not taken back by itself: there is no version to go back to."),
    )
    return next((text for holds, text in refusals if holds), None)
