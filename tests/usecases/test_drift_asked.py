"""`/drift` and `/drift MODEL`: what one person sees."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from bot.adapters.slack_blocks import render
from bot.domain.cards import Refusal
from bot.domain.commands import Origin, ShowDrift
from bot.domain.digest_cards import DriftReport
from bot.domain.drifting.incidents import IncidentState, Past, Track
from bot.domain.drifting.windows import Kind, Reading, Verdict, Window
from bot.domain.retraining import Retraining, RetrainState
from bot.errors import Refused
from bot.usecases.digest_facts import WHOLE
from tests.support.slack_contract import check_message
from tests.usecases.digest_rig import ANA, BEN, DAY, HOUR, MONDAY, DigestRig, incident, snoozed

PSI = Reading(feature="amount", method="psi", value=0.3, threshold=0.2, verdict=Verdict.BAD, score=1.5)


@pytest.fixture
def rig() -> DigestRig:
    rig = DigestRig()
    rig.clock.time = MONDAY
    return rig


def said(rig: DigestRig, model: str | None = None) -> str:
    report = rig.asked(model)
    assert isinstance(report, DriftReport)
    body = render(report)
    check_message(body)
    return str(body)


def window(monitor: str, verdict: Verdict, kind: Kind = Kind.DRIFT) -> Window:
    return Window(
        source=monitor, monitor="daily", model="fraud", environment="production", kind=kind, at=MONDAY, verdict=verdict,
        readings=(PSI,),
    )  # fmt: skip


def test_nothing_yet(rig: DigestRig) -> None:
    assert "Drift: nothing open, nothing new" in said(rig)
    assert "4 models" in said(rig)
    assert "No monitor has told anything of it yet." in said(rig, "fraud")


def test_everything(rig: DigestRig) -> None:
    rig.opens(incident("fraud/production/drift", MONDAY - HOUR), incident("ltv/production/service", MONDAY - 3 * DAY))
    words = said(rig)
    assert "Drift: 2 open, 1 new" in words
    assert "▇" in words or "█" in words  # no picture can be shown to one person
    assert rig.chat.files == {}
    assert rig.chat.sent == []


def test_one_model(rig: DigestRig) -> None:
    told = {"evidently:daily": window("evidently", Verdict.BAD), "whylogs:daily": window("whylogs", Verdict.FINE)}
    past = (Past(at=MONDAY, monitor="evidently:daily", verdict=Verdict.BAD, score=1.5),)
    rig.log.save(Track(model="fraud", environment="production", kind=Kind.DRIFT, past=past, newest=told))
    rig.opens(incident("fraud/production/drift", MONDAY - DAY, 1.5, owner=BEN, readings=(PSI,)))
    ended = incident("fraud/staging/service", MONDAY - 2 * DAY, state=IncidentState.RESOLVED, resolved=MONDAY - DAY)
    rig.opens(ended.model_copy(update={"ended": "version 41 was rolled back"}))
    rig.log.save(Track(model="fraud", environment="staging", kind=Kind.SERVICE))
    asked = {"model": "fraud", "environment": "production", "state": RetrainState.RUNNING, "by": ANA, "asked": MONDAY}
    rig.retrains.save(Retraining(id="01R", reason="shift", **asked))
    words = said(rig, "fraud")
    for part in (
        "Drift of fraud: 1 open",
        "production, drift: warning",
        "1.5 × limit, for 1 d, <@U0BEN> is on it",
        "1. amount 1.5 × limit: psi 0.3, limit 0.2",
        "evidently daily bad",
        "whylogs daily fine",
        "staging, service: nothing open",
        "after 1 d: version 41 was rolled back",
        "running",
        "asked for by ana: shift",
        "production 40",
    ):
        assert part in words, part


def test_what_is_snoozed_says_so_though_nothing_else_is_kept(rig: DigestRig) -> None:
    rig.opens(snoozed("fraud/production/drift", MONDAY - DAY, MONDAY + DAY))
    words = said(rig, "fraud")
    assert "production, drift: snoozed" in words
    assert f"Snoozed until <!date^{int(MONDAY + DAY)}^" in words
    assert "by ana: holiday" in words


@pytest.mark.parametrize(("name", "near"), [("fraudd", "Did you mean fraud?"), ("zzzzzz", "Declared are: ")])
def test_an_unknown_model_is_refused_with_the_nearest(rig: DigestRig, name: str, near: str) -> None:
    refusal = rig.asked(name)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, near in (refusal.unblock or "")) == ("unknown_model", True)


def test_a_name_is_no_pattern(rig: DigestRig) -> None:
    """A model that the policy may name so is found by its name only."""
    rig.opens(incident("fraud/production/drift", MONDAY - DAY))
    assert "Drift: 1 open" in said(rig)
    with pytest.raises(Refused):
        rig.dispatcher._run(rig.row(ShowDrift(by=ANA, origin=Origin(channel="C0DEPLOYS"), model="f*")))


def test_a_fleet_in_trouble_is_read_in_outline_and_the_worst_of_it_whole(rig: DigestRig) -> None:
    rig.opens(*(incident(f"m{n:03}/production/drift", MONDAY - HOUR, 1 + n / 100) for n in range(250)))
    with patch.object(rig.log, "get", wraps=rig.log.get) as read:
        words = said(rig)
    assert read.call_count == WHOLE
    assert "Drift: 250 open, 250 new" in words
    assert "m249* production, drift: warning, 3.5 × limit" in words
    assert "Worst features of the worst problems (1)" in words
    assert f"amount* in {WHOLE} models, the worst in m249" in words
