"""What monitors say, taken in again and again: other changes, the audit chain and the channel hear of each turn."""

from __future__ import annotations

from bot.domain.commands import Reconcile
from bot.domain.drifting.windows import Kind, Window
from tests.domain.drifting.stories import window
from tests.usecases.incident_rig import RULES, IncidentRig
from tests.usecases.test_take_drift import START, come, deeds, put, rig, story

__all__ = ["rig"]


def judged_again(rig: IncidentRig, *found: Window) -> list[int]:
    """The changes that are looked at when these come, each in a row."""
    seen: list[int] = []
    for one in found:
        put(rig, one)
        while (row := rig.inbox.claim("w", 60)) is not None:
            if isinstance(row.command, Reconcile):
                seen.append(row.command.number)
            else:
                rig.dispatcher(row)
            rig.inbox.done(row)
        rig.clock.tick(5)
    return seen


def test_each_time_that_an_alert_comes_and_goes_the_change_is_judged_anew(rig: IncidentRig) -> None:
    rig.open_change(7)
    flaps = [window("BF"[n % 2], START + n / 20, settled=True, score=None) for n in range(40)]
    assert judged_again(rig, *flaps) == [7] * 40


def test_a_change_of_another_environment_is_judged_anew_since_it_may_share_values(rig: IncidentRig) -> None:
    staging = RULES.replace("environments:\n", "environments:\n  staging: {}\n")
    rig.checkout.change("main", {".slackops.yaml": staging.encode()}, "Add staging")
    rig.checkout.fetch()
    rig.open_change(7)
    rig.open_change(8, environment="staging")
    rig.open_change(9, model="churn")
    assert sorted(judged_again(rig, *story("BB"))) == [7, 8]


def test_what_ends_and_opens_within_one_row_is_in_the_audit_chain(rig: IncidentRig) -> None:
    come(rig, *story("BB"))
    come(rig, *story("FFFBB", 2))
    assert deeds(rig) == ["incident opened", "incident resolved", "incident reopened"]
    come(rig, *story("FFFBBFFF", 7))
    assert deeds(rig)[3:] == ["incident resolved", "incident reopened", "incident resolved"]
    assert rig.log.open() == []


def test_another_kind_that_joins_a_card_of_yesterday_is_told_in_the_channel(rig: IncidentRig) -> None:
    come(rig, *story("BB"))
    come(rig, *story("BB", 3, kind=Kind.SERVICE))
    rig.work(86_400)
    come(rig, *story("BB", 1443, kind=Kind.PERFORMANCE))
    assert [words.partition(":")[0] for words in rig.said()] == ["Drift", "Service", "Performance"]
    assert [sent.broadcast for sent in rig.replies()] == [False, False, True]
    assert len(rig.cards()) == 1
