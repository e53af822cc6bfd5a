"""When digests are sent, and what they are about: once each, late ones once, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.commands import LookDigests, SendDigest
from bot.domain.digest_cards import DriftReport
from bot.domain.drifting.incidents import IncidentState
from bot.errors import ChatUnavailable, Fatal
from bot.usecases.dispatch import Dispatcher
from tests.usecases.digest_rig import ANA, DAILY, DAY, HOUR, MONDAY, DigestRig, incident, merged, snoozed

QUIET = DAILY.replace('"#ml-deploys"', '"#ml-deploys", empty: none')


def text(report: DriftReport) -> str:
    return str(render(report))


def test_it_begins_at_its_first_time_after_it_was_declared() -> None:
    rig = DigestRig()
    rig.opens(incident("fraud/production/drift", MONDAY - DAY))
    rig.at(MONDAY - 1)
    assert rig.digests() == []
    rig.at(MONDAY + 30)
    (one,) = rig.digests()
    assert one.headline == "Digest: 1 open, 1 new"
    assert "Late" not in text(one)
    rig.at(MONDAY + HOUR)
    assert len(rig.digests()) == 1


def test_spans_follow_each_other_without_a_gap() -> None:
    """What happened between the time and the sending is told by the next one, and by no other."""
    rig = DigestRig()
    rig.opens(incident("fraud/production/drift", MONDAY + 20))
    rig.at(MONDAY + 30)
    assert rig.digests()[0].headline == "Digest: 1 open"
    rig.at(MONDAY + DAY + 30)
    assert rig.digests()[1].headline == "Digest: 1 open, 1 new"
    rig.at(MONDAY + 2 * DAY)
    assert rig.digests()[2].headline == "Digest: 1 open"


def test_missed_ones_are_sent_once_late_and_say_so() -> None:
    rig = DigestRig()
    rig.opens(incident("fraud/production/drift", MONDAY + HOUR))
    rig.at(MONDAY + 2 * DAY + 2 * HOUR)
    (one,) = rig.digests()
    said = text(one)
    assert "Late by 2 h: covers" in said
    assert "missed are in this one" in said
    assert f"<!date^{int(MONDAY - 2 * DAY - 21 * HOUR)}^" in said
    assert f"<!date^{int(MONDAY + 2 * DAY)}^" in said
    rig.at(MONDAY + 3 * DAY)
    assert "Late" not in text(rig.digests()[1])
    assert "missed" not in text(rig.digests()[1])


def test_one_that_comes_at_its_time_says_that_others_were_missed() -> None:
    rig = DigestRig()
    rig.opens(incident("fraud/production/drift", MONDAY - DAY))
    rig.at(MONDAY + DAY + 30)
    (one,) = rig.digests()
    assert "Late" not in text(one)
    assert "missed are in this one" in text(one)


def test_two_replicas_send_one() -> None:
    rig = DigestRig()
    rig.opens(incident("fraud/production/drift", MONDAY - DAY))
    rig.clock.time = MONDAY + 5
    other = Dispatcher(rig.ctx)
    for dispatcher in (rig.dispatcher, other):
        dispatcher(rig.row(LookDigests()))
    for dispatcher in (rig.dispatcher, other):
        dispatcher(rig.row(SendDigest(digest="ml", fire=MONDAY)))
    assert len(rig.digests()) == 1


@pytest.mark.parametrize(("rules", "sent"), [(DAILY, 1), (QUIET, 0)], ids=["line", "none"])
def test_nothing_to_say(rules: str, sent: int) -> None:
    rig = DigestRig(rules)
    rig.at(MONDAY)
    assert len(rig.digests()) == sent
    for one in rig.digests():
        assert one.headline == "Digest: nothing open, nothing new"
        assert one.parts == ()
    rig.opens(incident("fraud/production/drift", MONDAY + HOUR))
    rig.at(MONDAY + DAY)
    assert rig.digests()[-1].headline == "Digest: 1 open, 1 new"


def test_new_times_begin_anew_and_go_on_from_the_last_one() -> None:
    rig = DigestRig()
    rig.at(MONDAY)
    rig.opens(incident("fraud/production/drift", MONDAY + HOUR))
    rig.clock.time = MONDAY + 3 * HOUR
    rig.policy(DAILY.replace("0 9", "0 11"))
    rig.look()
    assert len(rig.digests()) == 1  # 11 o'clock is over: it was not due when it was
    rig.at(MONDAY + DAY + 2 * HOUR)
    assert rig.digests()[1].headline == "Digest: 1 open, 1 new"


def test_one_that_was_taken_out_and_comes_back_tells_nothing_old() -> None:
    rig = DigestRig()
    rig.at(MONDAY)
    rig.policy(DAILY.partition("drift:")[0])
    rig.at(MONDAY + DAY)
    rig.policy(DAILY)
    rig.at(MONDAY + 3 * DAY + HOUR)
    assert len(rig.digests()) == 1
    rig.opens(incident("fraud/production/drift", MONDAY + 2 * DAY))
    rig.at(MONDAY + 4 * DAY)
    assert rig.digests()[1].headline == "Digest: 1 open"


def test_the_picture_is_shared_once_with_words() -> None:
    rig = DigestRig()
    rig.opens(incident("fraud/production/drift", MONDAY - DAY, 2.5))
    rig.at(MONDAY)
    (file,) = [one for one in rig.chat.files.values() if one.thread]
    assert file.content.startswith(b"\x89PNG")
    assert "fraud, production, drift: warning, 2.5 now" in file.alt
    assert "▅" not in text(rig.digests()[0])


def test_without_pictures_there_are_bars() -> None:
    rig = DigestRig()
    rig.ctx.charts.png = lambda chart: None  # type: ignore[method-assign,union-attr]
    rig.opens(incident("fraud/production/drift", MONDAY - DAY, 2.5))
    rig.at(MONDAY)
    assert "▇" in text(rig.digests()[0]) or "█" in text(rig.digests()[0])
    assert rig.chat.files == {}


@pytest.mark.parametrize("why", [Fatal("missing_scope"), ChatUnavailable("files.slack.com")], ids=["never", "not now"])
def test_a_picture_that_cannot_be_uploaded_is_bars_and_holds_up_nothing(why: Exception) -> None:
    rig = DigestRig()
    rig.chat.refuses_files = why
    rig.opens(incident("fraud/production/drift", MONDAY - DAY, 2.5))
    rig.at(MONDAY)
    assert "▇" in text(rig.digests()[0]) or "█" in text(rig.digests()[0])
    rig.at(MONDAY + DAY)
    assert rig.digests()[1].headline == "Digest: 1 open"


def test_the_scope_is_the_rules() -> None:
    rules = DAILY.replace("name: ml", 'name: ml, models: ["f*"], environment: prod')
    rig = DigestRig(rules)
    rig.opens(
        incident("fraud/production/drift", MONDAY - DAY),
        incident("fraud/staging/drift", MONDAY - DAY),
        incident("ltv/production/drift", MONDAY - DAY),
    )
    rig.changes.add(merged("ltv", MONDAY - HOUR))
    rig.at(MONDAY)
    (one,) = rig.digests()
    assert one.headline == "Digest: 1 open, 1 new · prod, f*"
    assert "ltv" not in text(one)


def test_what_an_owner_has() -> None:
    rules = DAILY.replace("name: ml", 'name: ml, owner: "slack:U0ANA"').replace(
        "  ltv:", '  ltv:\n    owners: ["slack:U0ANA"]'
    )
    rig = DigestRig(rules)
    rig.opens(
        incident("ltv/production/drift", MONDAY - DAY),
        incident("fraud/staging/drift", MONDAY - DAY),
        incident("fraud/production/drift", MONDAY - DAY, owner=ANA, state=IncidentState.ACKNOWLEDGED),
    )
    rig.at(MONDAY)
    said = text(rig.digests()[0])
    assert rig.digests()[0].headline == "Digest: 2 open, 2 new"
    assert "staging" not in said.replace("staging 41", "")
    assert "ana is on it" in said
    assert "<@U0ANA>" not in said  # nobody is called by a digest


def test_the_parts_stand_in_their_order() -> None:
    rig = DigestRig()
    ended = incident("twins/staging/drift", MONDAY - 2 * DAY, state=IncidentState.RESOLVED, resolved=MONDAY - DAY)
    rig.opens(
        incident("fraud/production/drift", MONDAY - DAY),
        snoozed("churn/production/service", MONDAY - DAY, MONDAY + DAY),
        ended.model_copy(update={"ended": "3 windows in a row were fine"}),
    )
    rig.changes.add(merged("ltv", MONDAY - HOUR))
    rig.open_change(12)
    rig.at(MONDAY)
    (one,) = rig.digests()
    assert [part.title for part in one.parts] == [
        "Changed",
        "Open (1)",
        "Snoozed (1)",
        "Worst features (1)",
        "Versions",
        "Open changes (1)",
    ]
    said = text(one)
    assert one.headline == "Digest: 2 open, 3 new, 1 resolved"
    for words in ("after 1 d: 3 windows in a row were fine", "ltv 40→41, production", "by ana: holiday", "#12"):
        assert words in said


def test_the_oldest_open_changes_are_named_and_the_others_counted() -> None:
    rig = DigestRig()
    for number in (17, 12, 18, 13, 16, 14, 15):
        age = (20 - number) * DAY
        rig.changes.update(rig.open_change(number, f"m{number}").id, partial(replace, created_at=MONDAY - age))
    rig.at(MONDAY)
    part = rig.digests()[0].parts[-1]
    said = [next(number for number in range(12, 19) if f"#{number}" in str(line)) for line in part.lines]
    assert (part.title, said, part.left) == ("Open changes (7)", [12, 13, 14, 15, 16], 2)
