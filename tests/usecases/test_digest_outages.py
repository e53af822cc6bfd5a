"""What was due while something was away comes once it is back, without waiting for the next time of its cron."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock, patch

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.commands import LookDigests, SendDigest
from bot.domain.digest_due import turn_of
from bot.errors import ChatUnavailable, Fatal, SlackOpsError
from tests.usecases.digest_rig import DAILY, DAY, HOUR, MONDAY, DigestRig, incident, merged

WEEKLY = DAILY.replace("0 9 * * 1-5", "0 9 * * 1")
YEARLY = DAILY.replace("0 9 * * 1-5", "0 9 29 2 *")
LEAP = MONDAY + 463 * DAY


def broken_off(rig: DigestRig, at: float, why: Exception) -> None:
    """At that time the clock looks, and a row that fails is given up, as the worker does after so many tries."""
    rig.clock.time = at
    rig.chat.refuses_files, posting = why, Mock(side_effect=why)
    rig.inbox.put(f"schedule:look_digests:{at:.0f}", LookDigests())
    with patch.object(rig.chat, "post", posting):
        while row := rig.inbox.claim("w", 60):
            try:
                if isinstance(row.command, LookDigests | SendDigest):
                    rig.dispatcher(row)
                rig.inbox.done(row)
            except SlackOpsError as error:
                rig.inbox.bury(row, str(error))
    rig.chat.refuses_files = None


@pytest.mark.parametrize(
    "why", [ChatUnavailable("down"), Fatal("is_archived")], ids=["slack is away", "the channel is archived"]
)
def test_a_row_that_was_given_up_is_begun_anew(why: Exception) -> None:
    rig = DigestRig(WEEKLY)
    rig.opens(incident("fraud/production/drift", MONDAY - DAY))
    for minutes in (0, 1, 30, 40):
        broken_off(rig, MONDAY + 60 * minutes, why)
    assert rig.digests() == []
    rig.at(MONDAY + 2 * HOUR)
    (one,) = rig.digests()
    assert "Late by 2 h: covers" in str(render(one))
    assert one.headline == "Digest: 1 open, 1 new"
    for hours in (3, 9, 40):
        rig.at(MONDAY + hours * HOUR)
    assert len(rig.digests()) == 1


def test_it_gives_way_to_a_later_time_which_tells_of_both_spans() -> None:
    rig = DigestRig()
    rig.opens(incident("fraud/production/drift", MONDAY - DAY))
    broken_off(rig, MONDAY, ChatUnavailable("down"))
    rig.at(MONDAY + DAY + HOUR)
    (one,) = rig.digests()
    assert "Late by 1 h" in str(render(one))
    assert one.headline == "Digest: 1 open, 1 new"


def test_it_follows_the_policy_to_another_channel() -> None:
    rig = DigestRig(WEEKLY)
    rig.opens(incident("fraud/production/drift", MONDAY - DAY))
    rig.chat.channels.append(replace(rig.chat.channels[0], id="C0NEW", name="new"))
    broken_off(rig, MONDAY, Fatal("not_in_channel"))
    rig.chat.channels.pop(0)
    rig.policy(WEEKLY.replace("#ml-deploys", "#new"))
    rig.at(MONDAY + HOUR)
    assert [sent.posted.channel for sent in rig.chat.sent] == ["C0NEW"]


def test_few_are_tried_however_long_it_lasts() -> None:
    turns = [turn_of(60.0 * minutes) for minutes in range(7 * 24 * 60)]
    assert turns == sorted(turns)
    assert [turns.index(turn) / 60 for turn in range(turns[-1] + 1)] == [0, 0.5, 2, 8, 32, 128]


def test_a_broken_policy_sends_nothing_and_forgets_nothing() -> None:
    rig = DigestRig()
    rig.policy("environments: [")
    rig.at(MONDAY)
    assert rig.digests() == []
    rig.policy(DAILY)
    rig.at(MONDAY + HOUR)
    assert "Late by 1 h" in str(render(rig.digests()[0]))


def test_a_policy_that_breaks_between_the_look_and_the_row() -> None:
    rig = DigestRig(WEEKLY)
    rig.clock.time = MONDAY
    rig.dispatcher(rig.row(LookDigests()))
    rig.policy("environments: [")
    rig.work()
    assert rig.digests() == []
    rig.policy(WEEKLY)
    rig.at(MONDAY + HOUR)
    assert "Late by 1 h" in str(render(rig.digests()[0]))


def test_one_that_comes_every_four_years_is_not_sent_twice() -> None:
    """What was sent is forgotten after a year."""
    rig = DigestRig(YEARLY)
    rig.at(LEAP)
    assert len(rig.digests()) == 1
    for weeks in range(1, 60):
        rig.at(LEAP + weeks * 7 * DAY + HOUR)
        rig.memory.forget(rig.clock.now() - 365 * DAY)
    assert "digest:ml" not in rig.memory.starting("")
    rig.at(rig.clock.now() + 60)
    assert [one.key for one in rig.inbox.records if one.key.startswith("digest:")] == [f"digest:ml:{LEAP:.0f}"]
    assert len(rig.digests()) == 1


def test_a_change_that_was_open_for_weeks_is_told_when_it_is_merged() -> None:
    rig = DigestRig()
    rig.changes.add(merged("ltv", MONDAY - HOUR, asked=MONDAY - 40 * DAY))
    rig.at(MONDAY)
    assert "ltv 40→41, production" in str(render(rig.digests()[0]))
