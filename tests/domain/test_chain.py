"""Which stage comes next, and when the regions after the first one follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.chain import NextStage, Pinned, due, goes_on, next_stage, note, regions_after, stopped
from bot.domain.change import Action, Change, Rung
from bot.domain.policy import Policy, parse_policy
from bot.domain.rollout import Rollout, RolloutState
from bot.errors import Reason, Refused
from tests.domain.facts import ANA, CHANGE, INTENT

NO_ENGINE = """
environments:
  staging: {}
  production: {fan_out: {regions: [eu, us, ap], first: us, soak: 10m}}
"""
ENGINE = NO_ENGINE.replace("{fan_out", "{rollout: {engine: argocd}, fan_out")
MERGED = replace(CHANGE, merged_at=1_000.0)


def policy(text: str) -> Policy:
    return parse_policy({".slackops.yaml": text.encode()})


@pytest.mark.parametrize(
    ("pins", "environment", "after"),
    [
        pytest.param({"dev": "3", "staging": "3", "prod": "3"}, "dev", None, id="nobody pins it: the first"),
        pytest.param({"dev": "4", "staging": "3", "prod": "3"}, "staging", "dev", id="after the first"),
        pytest.param({"dev": "5", "staging": "4", "prod": "3"}, "prod", "staging", id="the first has moved on"),
        pytest.param({"dev": "4", "staging": "4", "prod": None}, "prod", "staging", id="nothing is pinned there yet"),
        pytest.param({"dev": None, "prod": None}, "dev", None, id="a new model"),
        pytest.param({"prod": "3"}, "prod", None, id="a model with one target"),
        pytest.param({"dev": "4", "staging": "3", "prod-us": "4", "prod-eu": "3"}, "prod-eu", "prod-us", id="the last"),
    ],
)
def test_the_next_stage(pins: dict[str, str | None], environment: str, after: str | None) -> None:
    assert next_stage("m", "4", [Pinned(*pair) for pair in pins.items()]) == NextStage(environment, after)


@pytest.mark.parametrize(
    ("pins", "reason", "words"),
    [
        pytest.param({"dev": "3", "prod": "4"}, Reason.ALREADY_DEPLOYED, "in prod already", id="the last pins it"),
        pytest.param({}, Reason.NO_TARGET, "no target in any", id="no target at all"),
    ],
)
def test_no_next_stage(pins: dict[str, str | None], reason: Reason, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        next_stage("m", "4", [Pinned(*pair) for pair in pins.items()])
    assert refused.value.reason is reason
    assert refused.value.unblock


def test_the_words_name_the_stage_before() -> None:
    assert NextStage("prod", "dev").words == "prod is the next stage after dev."
    assert NextStage("dev", None).words == "dev is the first stage."


def test_only_the_first_region_has_others_after_it() -> None:
    rules = policy(NO_ENGINE)
    regions = regions_after(rules, rules.environment("production-us"))
    assert regions is not None
    assert [stage.name for stage in regions.rest] == ["production-eu", "production-ap"]
    assert regions.soak == 600.0
    assert [regions_after(rules, rules.environment(name)) for name in ("staging", "production-eu")] == [None, None]


RUNG = Rung("01LADDER", "kserve-serverless", (10, 100), 0, 10)


@pytest.mark.parametrize(
    ("change", "follows"),
    [
        pytest.param(MERGED, True, id="a promotion"),
        pytest.param(replace(MERGED, rung=RUNG), False, id="a part of the traffic"),
        pytest.param(replace(MERGED, rung=replace(RUNG, index=1, percent=100)), True, id="the last rung"),
        pytest.param(replace(MERGED, rung=replace(RUNG, percent=100, aborted_by=ANA)), False, id="aborted"),
        *(
            pytest.param(replace(MERGED, intent=replace(INTENT, action=action)), follows, id=action.value)
            for action, follows in [
                (Action.ROLLBACK, False),
                (Action.UNPIN, False),
                (Action.MANUAL, False),
                (Action.STEP, True),
            ]
        ),
    ],
)
def test_what_goes_on(change: Change, follows: bool) -> None:
    assert goes_on(change) is follows


def rollout(state: RolloutState, **more: Any) -> Rollout:
    return replace(Rollout(state, 1_100.0), **more)


HEALTHY = rollout(RolloutState.HEALTHY, healthy_at=1_100.0)
RECOVERED = rollout(RolloutState.HEALTHY, healthy_at=1_100.0, since=1_500.0, episode=1, bad_at=1_200.0)


@pytest.mark.parametrize(
    ("rules", "seen", "at", "why"),
    [
        pytest.param(ENGINE, HEALTHY, 1_700.0, "", id="healthy: the soak after it"),
        pytest.param(ENGINE, RECOVERED, 2_100.0, "", id="healthy again: from then on"),
        pytest.param(ENGINE, rollout(RolloutState.WAITING), None, "", id="waiting"),
        pytest.param(ENGINE, rollout(RolloutState.PROGRESSING, healthy_at=1_050.0), None, "", id="progressing again"),
        pytest.param(ENGINE, rollout(RolloutState.DEGRADED, healthy_at=1_050.0), None, "Not healthy here", id="bad"),
        pytest.param(ENGINE, rollout(RolloutState.FAILED), None, "Not healthy here", id="failed"),
        pytest.param(ENGINE, rollout(RolloutState.SILENT), None, "Not healthy here", id="no word from the engine"),
        pytest.param(ENGINE, rollout(RolloutState.STALLED), None, "Not healthy here", id="stalled"),
        pytest.param(ENGINE, rollout(RolloutState.REPLACED), None, "took its place", id="replaced"),
        pytest.param(NO_ENGINE, rollout(RolloutState.WAITING), 1_600.0, "", id="no engine: from the merge"),
        pytest.param(NO_ENGINE, rollout(RolloutState.SILENT), 1_600.0, "", id="no engine tells nothing, ever"),
        pytest.param(NO_ENGINE, rollout(RolloutState.REPLACED), None, "", id="no engine, replaced"),
    ],
)
def test_when_the_others_follow(rules: str, seen: Rollout, at: float | None, why: str) -> None:
    chain = policy(rules)
    regions = regions_after(chain, chain.environment("production-us"))
    assert regions is not None
    assert due(regions, MERGED, seen) == at
    told = stopped(regions, seen)
    assert told.startswith(why) or why in told
    assert bool(told) is bool(why)


@pytest.mark.parametrize(
    ("seen", "now", "words"),
    [
        (
            rollout(RolloutState.WAITING),
            1_000.0,
            "production-eu and production-ap follow once it is healthy for 10 min.",
        ),
        (HEALTHY, 1_200.0, "production-eu and production-ap follow at 1970-01-01 00:28 UTC."),
        (HEALTHY, 1_700.0, "production-eu and production-ap were asked for next."),
        (
            rollout(RolloutState.DEGRADED),
            1_200.0,
            "Not healthy here, so production-eu and production-ap were not asked for.",
        ),
    ],
    ids=["waiting", "soaking", "due", "bad"],
)
def test_what_the_card_of_the_first_says(seen: Rollout, now: float, words: str) -> None:
    chain = policy(ENGINE)
    regions = regions_after(chain, chain.environment("production-us"))
    assert regions is not None
    assert note(regions, MERGED, seen, now) == words
