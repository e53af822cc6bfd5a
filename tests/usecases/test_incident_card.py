"""The card of an incident where little is known around it."""

from __future__ import annotations

import pytest

from bot.domain.drifting.incidents import Word
from bot.domain.drifting.windows import Kind, Verdict
from bot.domain.notice_cards import ThreadNews
from bot.errors import ForgeUnavailable
from tests.usecases.incident_rig import NOW, IncidentRig, incident


def test_where_nothing_of_the_repo_can_be_read_it_is_shown_and_nobody_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = IncidentRig()
    rig.keeps(incident())

    def away() -> str:
        raise ForgeUnavailable("no answer, and nothing was ever fetched")

    monkeypatch.setattr(rig.checkout, "fetch", away)
    monkeypatch.setattr(rig.checkout, "head", away)
    rig.look()
    assert (rig.card().version, rig.card().back_to, rig.card().can_retrain) == (None, None, False)
    (reply,) = rig.replies()
    assert isinstance(reply.message, ThreadNews)
    assert reply.message.notify == ()
    assert rig.known().news == ()


def test_alerts_go_by_their_own_names() -> None:
    rig = IncidentRig()
    says = tuple(
        Word(monitor=f"alertmanager:{rule}/{mark}", verdict=Verdict.BAD, at=NOW, since=NOW, settled=True)
        for rule, mark in (("Latency", "7e30"), ("Errors", "1"), ("Errors", "2"))
    )
    rig.keeps(incident(kind=Kind.SERVICE, says=says))
    rig.look()
    assert [one.name for one in rig.card().monitors] == ["Latency", "alertmanager Errors/1", "alertmanager Errors/2"]
