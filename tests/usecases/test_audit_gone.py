"""The report lists what moved in the period, though today's policy, or the repo, does not hold it any more."""

from __future__ import annotations

import pytest

from bot.domain.audit import AuditEntry
from bot.domain.audit_period import Period
from bot.domain.change import Action, Change, ChangeState, Glass, Intent
from bot.domain.people import Person
from bot.errors import Refused
from bot.usecases.audit_report import Records, Wanted, report_of
from bot.usecases.names import VersionNames
from bot.usecases.repo import Repo
from tests.fakes.checkout import FakeCheckout
from tests.fakes.clock import FakeClock
from tests.fakes.records import FakeChanges
from tests.fakes.registry import FakeRegistry

POLICY = """version: 1
defaults: {channel: "#ml"}
environments: {production: {}%s}
layouts:
  - {files: ["models/{model}/{environment}.yaml"], at: uri, value: "s3://models/{model}/{version}"}
"""
FRAUD, OLD = "models/fraud/production.yaml", "models/fraud/old.yaml"
SINGLE = ".slackops.yaml"
BROKEN = Glass(Person(team="T1", user="U0EVE"), "down", settled_login="ben", settled_at=2.0)


def manifest(version: int) -> bytes:
    return f'uri: "s3://models/fraud/{version}"\n'.encode()


@pytest.fixture
def checkout() -> FakeCheckout:
    made = FakeCheckout({SINGLE: (POLICY % ", old: {}").encode(), FRAUD: manifest(1), OLD: manifest(1)})
    made.change("main", {OLD: manifest(2)}, "By hand", author="kim")
    made.change("main", {SINGLE: (POLICY % "").encode()}, "Take old out", author="kim")
    return made


def lines(checkout: FakeCheckout, **wanted: str) -> list[tuple[str, str, str]]:
    repo = Repo(checkout, VersionNames(FakeRegistry(), FakeClock(0.0)))
    changes = FakeChanges()
    found = report_of(repo, Records(changes, changes.audit), Wanted(Period(), **wanted))
    return [(line.environment, line.before, line.after) for line in found.lines]


def test_an_environment_that_was_taken_out_of_the_policy(checkout):
    assert ("old", "1", "2") in lines(checkout)
    assert set(lines(checkout, environment="old")) == {("old", "–", "1"), ("old", "1", "2")}
    with pytest.raises(Refused):
        lines(checkout, environment="never")


def test_what_ours_moved_before_its_files_were_deleted():
    checkout = FakeCheckout({SINGLE: (POLICY % "").encode(), FRAUD: manifest(1)})
    merged = checkout.change("main", {FRAUD: manifest(7)}, "Promote", author="slackops")
    checkout.change("main", {FRAUD: None}, "Away with it", author="kim")
    checkout.fetch()
    changes = FakeChanges()
    intent = Intent(Action.PROMOTE, "fraud", "production", "1", "7", None, ())
    state = ChangeState.MERGED
    changes.add(Change("01A", intent, (), None, 1.0, "b", "branch", state, 7, merge_commit=merged, glass=BROKEN))
    changes.audit.append(AuditEntry("merged:01A", "merged", 1.0, "slackops", change="01A"))
    repo = Repo(checkout, VersionNames(FakeRegistry(), FakeClock(0.0)))
    found = report_of(repo, Records(changes, changes.audit), Wanted(Period(), "fraud", environment="production"))
    assert [(line.before, line.after, line.source) for line in found.lines] == [
        ("–", "1", "outside"),
        ("1", "7", "slackops"),
        ("7", "–", "outside"),
    ]
    assert "broke the glass: down; reviewed afterwards by @ben" in found.lines[1].note


def test_it_is_looked_for_in_the_period_only(checkout):
    repo = Repo(checkout, VersionNames(FakeRegistry(), FakeClock(0.0)))
    checkout.fetch()
    late = max(commit.time for commit in checkout.commits.values()) + 1
    found = report_of(repo, None, Wanted(Period(late)))
    assert found.lines == ()


def test_a_model_that_is_not_there_any_more(checkout):
    checkout.change(
        "main", {SINGLE: (POLICY % "").replace("models/{model}", "ml/{model}").encode()}, "Move", author="kim"
    )
    assert ("production", "–", "1") in lines(checkout, model="fraud")
    with pytest.raises(Refused):
        lines(checkout, model="never")
