"""Windows, quiet hours and reminders as the policy file writes them."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain.policy import Policy, parse_policy
from bot.domain.policy.model_windows import AllowWindow, DenyWindow, OpenHours, QuietRule, RemindRule, WindowRule
from bot.errors import Refused

NAME = ".slackops.yaml"
WEEK = frozenset(range(5))


def policy(text: str) -> Policy:
    return parse_policy({NAME: text.encode()})


def test_windows():
    read = policy(
        """
environments:
  production:
    windows: [{allow: "Mon-Fri 09:00-16:00", timezone: Europe/Berlin}, {deny: 2026-12-20/2027-01-02, reason: holidays}]
    rollback: {windows: obey}
"""
    )
    stage = read.environment("production")
    allow = AllowWindow(OpenHours(WEEK, 540, 960), "Europe/Berlin")
    deny = DenyWindow(dt.date(2026, 12, 20), dt.date(2027, 1, 2), "UTC", "holidays")
    assert stage.windows == (WindowRule((allow,), (deny,)),)
    assert stage.rollback.windows == "obey"


def test_reminding():
    read = policy(
        """
defaults: {remind: 2h, expire: 3d, quiet: {from: "18:00", to: "09:00", days: Sat-Sun, timezone: Europe/Berlin}}
break_glass: {review_within: 4h}
environments:
  staging: {}
  production: {remind: 0s, expire: 1h, quiet: {days: Sun}}
"""
    )
    night = QuietRule(OpenHours(frozenset(range(7)), 1080, 540), frozenset({5, 6}), "Europe/Berlin")
    assert read.environment("staging").reminding == RemindRule(7200.0, 259200.0, night)
    assert read.environment("production").reminding == RemindRule(0.0, 3600.0, QuietRule(None, frozenset({6}), "UTC"))
    assert read.review_within == 14400.0


def test_the_defaults():
    assert policy("environments: {p: {}}").environment("p").reminding == RemindRule(4 * 3600.0, 7 * 86400.0)
    assert policy("version: 1").review_within == 86400.0


def test_each_region_has_the_windows_of_all():
    read = policy(
        "environments: {p: {fan_out: {regions: [eu, us]}, windows: [{allow: '09:00-16:00'}], remind: 1h}}",
    )
    eu, us = read.environments
    assert eu.windows == us.windows != ()
    assert us.reminding.remind == 3600.0


def test_values_that_are_shared_obey_the_windows_of_all():
    read = policy(
        """
environments:
  staging: {windows: [{allow: "Mon 09:00-16:00"}]}
  production: {windows: [{allow: "Tue 09:00-16:00"}], rollback: {windows: obey}}
models:
  fraud:
    targets:
      staging: [{files: [a.yaml], at: v, value: "{version}", shared_with: [production]}]
      production: [{files: [a.yaml], at: v, value: "{version}", shared_with: [staging]}]
"""
    )
    target = read.target_for("fraud", "staging")
    assert target is not None
    judged = read.judged_by(target)
    assert judged.windows == (*read.environment("staging").windows, *read.environment("production").windows)
    assert judged.rollback.windows == "obey"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("environments: {p: {windows: [{}]}}", "environments.p.windows[0]", "either allow or deny"),
        (
            "environments: {p: {windows: [{allow: '09:00-10:00', deny: 2026-12-20}]}}",
            "environments.p.windows[0]",
            "either allow or deny",
        ),
        ("environments: {p: {windows: [{allow: 9-16}]}}", "environments.p.windows[0].allow", "days and hours such as"),
        (
            "environments: {p: {windows: [{allow: '09:00-10:00', timezone: Berlin/Europe}]}}",
            "environments.p.windows[0].timezone",
            "a time zone such as",
        ),
        (
            "environments: {p: {windows: [{deny: 2026-12-20, timezone: ../../etc/passwd}]}}",
            "environments.p.windows[0].timezone",
            "a time zone such as",
        ),
        ("environments: {p: {windows: [{deny: 2027-01-02/2026-12-20}]}}", "environments.p.windows[0].deny", "span"),
        ("defaults: {quiet: {from: '18:00'}}", "defaults.quiet", "both from and to"),
        ("defaults: {quiet: {from: '9', to: '18:00'}}", "defaults.quiet.from", "a time of day such as 18:00"),
        ("defaults: {quiet: {from: '09:00', to: '09:00'}}", "defaults.quiet", "differs"),
        ("defaults: {quiet: {days: Sa}}", "defaults.quiet.days", "days such as Sat-Sun"),
        ("environments: {p: {remind: often}}", "environments.p.remind", "a duration such as"),
        ("break_glass: {review_within: 24}", "break_glass.review_within", "text; put it in quotes"),
    ],
)
def test_faults(text, key, words):
    with pytest.raises(Refused) as caught:
        policy(text)
    assert key in caught.value.message
    assert words in caught.value.message
