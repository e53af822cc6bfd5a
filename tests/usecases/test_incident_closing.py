"""An incident of which nothing new is told: its card says so by itself, and people may close it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.cards import Refusal
from bot.domain.commands import CloseIncident, Origin
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.silence import DAY
from bot.domain.drifting.snoozing import BY_HAND
from bot.domain.people import Person
from bot.usecases.dispatch import Dispatcher
from tests.usecases.incident_rig import ANA, BEN, HOUR, NOW, RULES, IncidentRig, incident
from tests.usecases.test_ci_kills import Deadly, Killed

PORTS = ("inbox", "incident_log", "audit", "changes", "posts", "chat")
NOBODY = Person(team=ANA.team, user="U0EVE")


@pytest.fixture
def rig() -> IncidentRig:
    return IncidentRig()


def silent(rig: IncidentRig, **more: Any) -> Incident:
    """One of which nothing was told for five days."""
    rig.keeps(incident(**more))
    rig.look()
    rig.work(5 * DAY)
    return rig.known()


def refusals(rig: IncidentRig) -> list[str]:
    return [one.message.reason for one in rig.chat.whispers if isinstance(one.message, Refusal)]


def test_the_card_says_by_itself_that_nothing_new_is_told(rig: IncidentRig) -> None:
    rig.keeps(incident())
    rig.look()
    assert rig.card().problems[0].quiet is None
    rig.work(2 * DAY)
    assert rig.card().problems[0].quiet is None
    rig.work(2 * DAY)
    assert rig.card().problems[0].quiet == NOW - HOUR
    shown = json.dumps(render(rig.card()))
    assert "nothing new since" in shown
    assert "It is over" in shown
    assert len(rig.replies()) == 1  # that it opened


def test_it_flaps_no_more_after_an_hour_without_another_word(rig: IncidentRig) -> None:
    rig.keeps(incident(bounces=(NOW - 900, NOW - 300), at=NOW))
    rig.look()
    assert rig.card().problems[0].flapping
    rig.work(4200)
    assert not rig.card().problems[0].flapping


@pytest.mark.parametrize("who", [ANA, BEN], ids=["may promote", "owner"])
def test_a_person_closes_it(rig: IncidentRig, who: Person) -> None:
    silent(rig)
    rig.click(CloseIncident, incident="01A", by=who)
    one = rig.known()
    assert (one.is_open, one.ended, one.news) == (False, BY_HAND, ())
    assert not rig.card().open
    assert rig.said()[-1].startswith("says that it is over")
    assert [(row.entry.what, row.entry.by) for row in rig.audit.rows()][-1] == ("incident closed", str(who))
    rig.work(1)
    rig.click(CloseIncident, incident="01A", by=who)
    assert refusals(rig) == ["already_decided"]


@pytest.mark.parametrize(
    ("days", "promotions", "who", "why"),
    [
        (0, "warn", BEN, "incident_goes_on"),
        (5, "warn", NOBODY, "not_allowed"),
        (5, "block", BEN, "not_allowed"),
        (5, "quorum", BEN, "not_allowed"),
        (5, "block", ANA, ""),
    ],
)
def test_who_may_not_and_when_not(rig: IncidentRig, days: int, promotions: str, who: Person, why: str) -> None:
    rules = RULES.replace("roles: {", 'roles: {waive: ["slack:U0ANA"], ')
    rules += f"drift: {{incident: {{promotions: {promotions}}}}}\n"
    rig.checkout.change("main", {".slackops.yaml": rules.encode()}, "Be strict")
    rig.keeps(incident())
    rig.work(days * DAY)
    rig.click(CloseIncident, incident="01A", by=who)
    assert refusals(rig) == ([why] if why else [])
    assert rig.known().is_open == bool(why)


def test_a_gate_that_somebody_wrote_is_not_gone_round_either(rig: IncidentRig) -> None:
    rules = RULES.replace(
        "approvals: {required: 0}", "approvals: {required: 0}, gates: [{incident: drift, mode: block}]"
    )
    rig.checkout.change("main", {".slackops.yaml": rules.encode()}, "Be strict")
    silent(rig)
    rig.click(CloseIncident, incident="01A", by=BEN)
    assert refusals(rig) == ["not_allowed"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_kill_at_any_call_loses_nothing_and_doubles_nothing(*, after: bool) -> None:
    for last in range(1, 60):
        rig = IncidentRig()
        silent(rig)
        deadly = Deadly(last, after=after)
        rig.dispatcher = Dispatcher(replace(rig.ctx, **{name: deadly.wrap(getattr(rig.ctx, name)) for name in PORTS}))
        rig.inbox.put("close", CloseIncident(by=BEN, origin=Origin(channel="C0FRAUD"), incident="01A"))
        with suppress(Killed):
            rig.work()
        rig.dispatcher = Dispatcher(rig.ctx)
        rig.work(61)
        done = [row.entry.what for row in rig.audit.rows()].count("incident closed")
        assert (rig.known().is_open, rig.known().news, rig.card().open, done) == (False, (), (), 1), last
        assert len([one for one in rig.said() if one.startswith("says that it is over")]) == 1
        assert refusals(rig) == []
        if deadly.left > 0:
            assert last > 5
            return
    pytest.fail("it never ended")
