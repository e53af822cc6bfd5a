"""What a details page keeps of a change that has ended, and what comes after the merge."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.chart import MetricOverVersions, SliceDots
from bot.domain.details import Passed, as_json, from_json
from bot.domain.details_ending import ROLLED_BACK, STAGES, charted, rolled_out, settled
from tests.domain.test_details import BARE, gate

CHART = MetricOverVersions("auc of fraud", (("40", 0.9), ("42", 0.95)), "40", "42", 0.9)
JUDGED = replace(BARE, gates=(gate("auc", "pass"),), chart=CHART)
LATER = replace(BARE, gates=(gate("auc", "fail"),), stage="Merged", note="On main.", base="base1", ended=True)


def test_what_it_was_judged_by_stays() -> None:
    found = settled(LATER, JUDGED)
    assert (found.gates, found.base, found.chart) == (JUDGED.gates, JUDGED.base, CHART)
    assert (found.stage, found.note, found.ended) == ("Merged", "On main.", True)
    assert settled(LATER, None) == LATER


def test_before_the_end_each_look_counts_and_the_picture_stays() -> None:
    now = replace(LATER, ended=False)
    assert settled(now, JUDGED) == replace(now, chart=CHART)


def test_the_watcher_has_the_last_word_and_a_rollback_the_very_last() -> None:
    live = rolled_out(settled(LATER, JUDGED), "Live", "Healthy 2 min after the merge.", 60.0)
    assert (live.stage, live.gates) == ("Live", JUDGED.gates)
    assert settled(LATER, live) == live
    again = rolled_out(live, "Live", "Healthy again.", 90.0)
    assert again.rollout == (Passed("Live", "Healthy again.", 60.0),)
    bad = rolled_out(again, "DEGRADED", "Pods restart.", 120.0)
    back = rolled_out(bad, ROLLED_BACK, "#9 went back to 40.", 180.0)
    assert [one.stage for one in back.rollout] == ["Live", "DEGRADED", ROLLED_BACK]
    assert rolled_out(back, "Replaced", "#9 took its place.", 200.0) == back


def test_a_flapping_rollout_stays_bounded() -> None:
    found = JUDGED
    for turn in range(5 * STAGES):
        found = rolled_out(found, "Live" if turn % 2 else "DEGRADED", "x" * 5_000, float(turn))
    assert len(found.rollout) == STAGES
    assert len(as_json(found)) < 50_000


def test_pictures_and_endings_survive_being_kept() -> None:
    dots = SliceDots("recall of fraud", (("recall/de", None, 0.5),), None, "42")
    for chart in (CHART, dots, None):
        found = rolled_out(charted(JUDGED, chart), "Live", "", 1.0)
        assert from_json(as_json(found)) == found


def test_what_an_earlier_release_kept_is_read() -> None:
    old = as_json(BARE).replace(',"ended":false,"rollout":[],"chart":null', "")
    assert "rollout" not in old
    assert from_json(old) == BARE
