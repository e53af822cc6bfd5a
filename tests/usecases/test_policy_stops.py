"""What the policy says of freezes and bans."""

from __future__ import annotations

import pytest

from bot.domain.policy import Policy, Target, parse_policy
from bot.errors import Reason, Refused
from bot.usecases.freezing import place_of
from bot.usecases.stops import places

FANNED = "environments: {staging: {}, production: {aliases: [prod], fan_out: {regions: [eu, us], first: eu}}}"


def policy(text: str) -> Policy:
    return parse_policy({".slackops.yaml": text.encode()})


@pytest.mark.parametrize("role", ["freeze", "ban"])
def test_a_role_that_is_not_written_lets_everybody(role: str) -> None:
    written = policy(f"roles: {{{role}: ['slack:U0ANA']}}\nenvironments: {{p: {{}}}}")
    assert written.may(frozenset({"slack:U0ANA"}), role)
    assert not written.may(frozenset({"slack:U0BEN"}), role)
    assert policy("environments: {p: {}}").may(frozenset(), role)


@pytest.mark.parametrize(("one", "other", "obeys"), [("ignore", "ignore", False), ("ignore", "obey", True)])
def test_a_shared_value_obeys_where_one_of_its_environments_does(one: str, other: str, obeys: bool) -> None:
    rules = policy(f"environments: {{a: {{rollback: {{freezes: {one}}}}}, b: {{rollback: {{freezes: {other}}}}}}}")
    judged = rules.judged_by(Target("m", "a", (), shared_with=("b",)))
    assert (judged.rollback.freezes == "obey") is obeys
    assert rules.environment("a").rollback.freezes == "ignore"


@pytest.mark.parametrize(
    ("asked", "place"),
    [("staging", "staging"), ("production", "production"), ("prod", "production"), ("production-eu", "production-eu"),
     ("prod-us", "production-us")],
)  # fmt: skip
def test_an_environment_that_fans_out_is_frozen_whole_or_by_region(asked: str, place: str) -> None:
    assert place_of(policy(FANNED), asked) == place


def test_a_region_is_part_of_its_environment() -> None:
    names = {"production-eu", "prod-eu", "production", "prod", "staging"}
    assert places(policy(FANNED), ["production-eu", "staging"]) == names
    assert places(policy(FANNED), ["gone"]) == {"gone"}
    with pytest.raises(Refused) as caught:
        place_of(policy(FANNED), "prud")
    assert caught.value.reason is Reason.UNKNOWN_ENVIRONMENT
