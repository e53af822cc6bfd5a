"""Doctor's patience: a dead service is named, hides no other, and no secret comes out of an error."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.domain.doctor import Finding, State, github, ok, own
from bot.domain.policy import parse_policy
from bot.errors import ChatUnavailable, Fatal, Reason, Refused
from bot.usecases import doctor_asked as asked
from bot.usecases.doctor import run_checks

SECRET = "xoxb-secret"


def fine() -> Iterator[Finding]:
    yield ok("fine", "works")


def silent() -> Iterator[Finding]:
    raise ChatUnavailable("Slack timed out (auth.test).")


def refusing() -> Iterator[Finding]:
    raise Refused(Reason.FORGE_REFUSED, "GitHub refused.", "Give the App more.")


def unauthorised() -> Iterator[Finding]:
    raise Fatal("GitHub does not accept the bot's credentials.")


def broken() -> Iterator[Finding]:
    raise KeyError(SECRET)


def test_each_ends_for_itself_and_in_order() -> None:
    found = run_checks({"silent": silent, "refusing": refusing, "broken": broken, "fine": fine}, 60)
    assert [(one.name, one.state) for one in found] == [
        ("silent", State.FAIL),
        ("refusing", State.FAIL),
        ("broken", State.FAIL),
        ("fine", State.OK),
    ]
    assert found[0].message == "Slack timed out (auth.test)."
    assert found[1].fix == "Give the App more."
    assert SECRET not in found[2].message + found[2].fix
    assert all(one.fix for one in found[:3])


def test_a_refusal_is_not_mended_by_asking_again() -> None:
    app, other = run_checks({"github app": unauthorised, "team": unauthorised}, 60)
    assert "GITHUB_APP_ID" in app.fix
    assert "reached" not in app.fix + other.fix


@pytest.mark.parametrize(
    ("missing", "codes", "state"),
    [
        ((), False, State.OK),
        (("PUBLIC_URL", "SLACK_CLIENT_ID"), False, State.WARN),
        (("PUBLIC_URL", "SLACK_CLIENT_ID"), True, State.OK),
        (("PUBLIC_URL", "GITHUB_CLIENT_ID"), True, State.WARN),
    ],
)
def test_codes_need_no_address_to_come_back_to(missing: tuple[str, ...], codes: bool, state: State) -> None:
    assert own.check_linking(missing, codes=codes).state is state


def test_what_never_answers_is_left_behind() -> None:
    forever = threading.Event()

    def hanging() -> Iterator[Finding]:
        forever.wait()
        yield ok("hanging", "never")

    try:
        (found,) = run_checks({"hanging": hanging}, 0.05)
    finally:
        forever.set()
    assert (found.state, found.message) == (State.FAIL, "no answer within 0.05 s")


POLICY = parse_policy(
    {
        ".slackops.yaml": b"""
defaults: {channel: "#all", notify: {failed: ["slack:@oncall"]}}
roles: {promote: ["github:acme/team"], ban: [github:ana]}
environments:
  staging: {rollout: {engine: flux}}
  production:
    channel: "#prod"
    approvals: {required: 1, from: ["slack:S0LEADS", "slack:U0BEN", "github:acme/leads"]}
    rollout: {engine: argocd}
models: {fraud: {primary_metric: auc, owners: ["slack:U0ANA"], channel: "#fraud"}}
"""
    }
)


def test_everything_that_the_policy_names_is_asked_about() -> None:
    refs = asked.references(POLICY)
    assert asked.channels(POLICY) == ("#all", "#prod", "#fraud")
    assert asked.slack_groups(refs) == ("slack:@oncall", "slack:S0LEADS")
    assert asked.slack_users(refs) == ("slack:U0ANA", "slack:U0BEN")
    assert asked.teams(refs) == ("github:acme/leads", "github:acme/team")
    assert asked.engines(POLICY) == {"flux": ["staging"], "argocd": ["production"]}
    bar = asked.bar_of(POLICY.environment("production"))
    assert (bar.required, bar.back, bar.listed, bar.recorded) == (1, 1, True, False)
    assert not asked.bar_of(POLICY.environment("staging")).listed


def test_a_declared_repository_that_the_bot_cannot_see_is_named() -> None:
    lost, rest = github.check_repos({"acme/a": True, "acme/b": False, "acme/c": True})
    assert (lost.state, rest.state, rest.message) == (State.WARN, State.OK, "of 2 repositories")
    assert "acme/b" in lost.message
    assert "acme/a" not in lost.message
    assert "Install the App" in lost.fix
