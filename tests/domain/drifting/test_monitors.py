"""What monitors are called on a card."""

from __future__ import annotations

import pytest

from bot.domain.drifting.monitors import common, shown_names


@pytest.mark.parametrize(
    ("monitors", "names"),
    [
        (["evidently:weekly"], ["evidently weekly"]),
        (["alertmanager:Latency/7e30"], ["Latency"]),
        (["alertmanager:Latency/7e30", "alertmanager:Errors/7e30"], ["Latency", "Errors"]),
        (["alertmanager:Latency/1", "alertmanager:Latency/2"], ["alertmanager Latency/1", "alertmanager Latency/2"]),
        (["alertmanager:team/Latency/1"], ["team/Latency"]),
        (["json:a:b/c", "alertmanager:bare"], ["json a:b/c", "alertmanager bare"]),
    ],
)
def test_an_alert_goes_by_its_own_name_where_that_is_enough(monitors: list[str], names: list[str]) -> None:
    assert list(shown_names([*monitors, *monitors]).values()) == names


def test_alerts_of_one_rule_have_that_in_common() -> None:
    assert common("alertmanager:Latency/7e30") == "alertmanager:Latency"
    assert common("evidently:weekly/eu") == "evidently:weekly/eu"
