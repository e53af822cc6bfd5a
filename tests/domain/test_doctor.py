"""What doctor says of what it was told: every fault has a state and a fix."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.domain.branch_rules import BranchRules, Bypass, RequiredCheck
from bot.domain.doctor import Finding, State
from bot.domain.doctor.github import AppSelf, Hook, check_app, check_clock, check_hook
from bot.domain.doctor.own import check_engines, check_keys, check_registry, check_store, check_targets
from bot.domain.doctor.own import check_policy as check_the_policy
from bot.domain.doctor.people import Bar, MayApprove, check_alone, check_approvers
from bot.domain.doctor.rules import Uses, check_rules
from bot.domain.doctor.slack import (
    Seat,
    SlackSelf,
    check_channels,
    check_delivery,
    check_groups,
    check_self,
    check_users,
)
from bot.domain.github_manifest import EVENTS, PERMISSIONS
from bot.domain.people import Standing
from bot.domain.slack_manifest import SCOPES

OK, WARN, FAIL = State.OK, State.WARN, State.FAIL
URL = "https://bot.example.com"
BAR = Bar("production", required=1, back=1, requester_counts=True, listed=True)
BEN, KIM = MayApprove(None, "ben", True), MayApprove("U0KIM", None, None)
POWERLESS = MayApprove(None, "dan", False)
PINNED = tuple(RequiredCheck(f"slackops/{one}", 7) for one in ("gates", "approvals"))
GRANTED = {name: one.level for name, one in PERMISSIONS.items()}


def states(found: Iterable[Finding]) -> list[State]:
    """Every state, and a fix for each that is not in order."""
    every = list(found)
    assert [one for one in every if (one.state is OK) is bool(one.fix)] == []
    assert all(one.message and one.name for one in every)
    return [one.state for one in every]


CASES: dict[str, tuple[Iterable[Finding], list[State]]] = {
    "all scopes": (check_self(SlackSelf("T", "@bot", frozenset(SCOPES))), [OK, OK]),
    "scopes untold": (check_self(SlackSelf("T", "@bot", None)), [OK, WARN]),
    "one scope missing": (check_self(SlackSelf("T", "@bot", frozenset(SCOPES) - {"commands"})), [OK, FAIL]),
    "no charts": (check_self(SlackSelf("T", "@bot", frozenset(SCOPES) - {"files:write"})), [OK, WARN]),
    "http": ([check_delivery(URL, signed=True, socket=False)], [OK]),
    "socket mode": ([check_delivery(None, signed=False, socket=True)], [OK]),
    "http at no address": ([check_delivery(None, signed=True, socket=False)], [WARN]),
    "channels": (
        check_channels({"#a": Seat(True, True), "#b": Seat(True, True, True), "#c": Seat(False)}),
        [FAIL, FAIL, OK],
    ),
    "groups": (
        check_groups({"slack:@a": ("U1",), "slack:@b": (), "slack:@c": None}, "user group", "in Slack"),
        [FAIL, FAIL, OK],
    ),
    "users": (check_users({f"slack:{one}": one for one in Standing}), [WARN, WARN, FAIL, FAIL, FAIL, OK]),
    "the app": (check_app(AppSelf(7, "bot[bot]", GRANTED, GRANTED, frozenset(EVENTS)), "bot[bot]", ()), [OK, OK, OK]),
    "deployments wanted": (
        check_app(AppSelf(7, "bot[bot]", GRANTED, GRANTED, frozenset(EVENTS)), "b", ["deployments"]),
        [OK, FAIL, WARN],
    ),
    "not accepted yet": (
        check_app(AppSelf(7, "bot[bot]", GRANTED, {**GRANTED, "checks": ""}, frozenset(EVENTS)), "b", ()),
        [OK, FAIL, OK],
    ),
    "suspended": (check_app(AppSelf(7, "bot[bot]", suspended=True), "b", ()), [FAIL]),
    "a token": (check_app(None, "ana", ()), [FAIL]),
    "the hook": ([check_hook(Hook(f"{URL}/webhooks/github", True), URL, 60, secret=True)], [OK]),
    "polling": ([check_hook(None, URL, 60, secret=False)], [OK]),
    "polling with an address": ([check_hook(Hook("", False), None, 60, secret=False)], [OK]),
    "a secret for nothing": ([check_hook(None, URL, 60, secret=True)], [WARN]),
    "a hook that is closed": ([check_hook(Hook(URL, True), URL, 60, secret=False)], [WARN]),
    "a hook that is not signed": ([check_hook(Hook(URL, False), URL, 60, secret=True)], [FAIL]),
    "a hook to nobody knows where": ([check_hook(Hook(URL, True), None, 60, secret=True)], [WARN]),
    "a hook to another": ([check_hook(Hook("https://x/webhooks/github", True), URL, 60, secret=True)], [FAIL]),
    "clocks": ([check_clock(one) for one in (0.9, -4.0, 6.0, -31.0, None)], [OK, OK, WARN, FAIL, WARN]),
    "enough": (check_approvers(BAR, (BEN, KIM), linking=True), [OK]),
    "one cannot link": (check_approvers(BAR, (BEN, KIM), linking=False), [WARN]),
    "nobody can link": (check_approvers(BAR, (KIM,), linking=False), [FAIL]),
    "the bot records": (
        check_approvers(Bar("p", 1, 1, requester_counts=True, listed=True, recorded=True), (KIM,), linking=False),
        [OK],
    ),
    "one may not write": (check_approvers(BAR, (BEN, POWERLESS), linking=True), [FAIL]),
    "only one, who may not write": (check_approvers(BAR, (POWERLESS,), linking=True), [FAIL, FAIL]),
    "nobody is listed": (check_approvers(Bar("p", 2, 1, requester_counts=True, listed=False), (), linking=True), [OK]),
    "alone": (check_alone((BAR,), 0), [OK]),
    "alone, with one review of GitHub's": (check_alone((BAR,), 1), [OK]),
    "not alone by the policy": (
        check_alone((BAR, Bar("p", 1, 2, requester_counts=True, listed=True)), 0),
        [WARN, OK],
    ),
    "not alone by the forge": (check_alone((BAR,), 2), [WARN]),
    "rules": (check_rules("main", BranchRules(checks=PINNED), Uses(7)), [OK, OK, OK]),
    "no rules, watching": (check_rules("main", BranchRules(), Uses(7, enforce=False)), [WARN, WARN, OK]),
    "rules unread": (check_rules("main", BranchRules(checks=PINNED, unread=("x",)), Uses(7)), [WARN, OK, OK, OK]),
    "a token cannot be the source": (check_rules("main", BranchRules(checks=PINNED), Uses(None)), [FAIL, FAIL, OK]),
    "signed by the api": (
        check_rules("main", BranchRules(checks=PINNED, signed=True), Uses(7, api_commits=True)),
        [OK] * 3,
    ),
    "we may bypass": (check_rules("main", BranchRules(checks=PINNED, we_bypass=True), Uses(7)), [OK, OK, FAIL, OK]),
    "others may bypass": (
        check_rules("main", BranchRules(checks=PINNED, bypass=(Bypass("role", "5"),)), Uses(7)),
        [OK] * 4,
    ),
    "native, and what it refuses": (
        check_rules("main", BranchRules(reviews=1, checks=PINNED), Uses(7, recorded=("p",), unattended=("p",))),
        [OK, OK, OK, WARN, WARN],
    ),
    "an empty store": ([check_store(None, "0004", "SQLite x")], [OK]),
    "the store of this release": ([check_store("0004", "0004", "x")], [OK]),
    "an older store": ([check_store("0003", "0004", "x")], [WARN]),
    "a newer store": ([check_store("0005", "0004", "x")], [FAIL]),
    "keys": ([check_keys(2, 3, ()), check_keys(1, 3, ["ana"])], [OK, FAIL]),
    "the policy": (check_the_policy((), 2, enforce=True), [OK]),
    "watching only": (check_the_policy((), 2, enforce=False), [OK, WARN]),
    "a policy at fault": (check_the_policy(["x:1: y"], 0, enforce=True), [FAIL]),
    "targets": (check_targets(2, [("a.yaml:3", "mixed")], ["ltv"]), [FAIL, WARN]),
    "the registry": (check_registry({"fraud": "prod.fraud"}, ["prod.fraud"]), [OK]),
    "a model that is not registered": (check_registry({"fraud": "fraud", "ltv": "ltv"}, ["frauds", "ltv"]), [FAIL]),
    "engines": (check_engines({"argocd": ["p"], "flux": ["s"]}, {"argocd": True, "flux": False}), [OK, WARN]),
}


@pytest.mark.parametrize(("found", "expected"), CASES.values(), ids=CASES)
def test_every_fault_has_a_state_and_a_fix(found: Iterable[Finding], expected: list[State]) -> None:
    assert states(found) == expected
