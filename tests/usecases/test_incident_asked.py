"""I'm on it, Snooze, Details: for whom, on what, twice, too late, and on cards that are not ours."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.commands import FillForm, ShowIncident, SnoozeIncident, TakeIncident
from bot.domain.drifting.incidents import IncidentState
from bot.domain.drifting.windows import Kind
from bot.domain.forms import FormFault, SnoozeIncidentForm
from bot.domain.incident_cards import FeatureTable
from bot.domain.people import Person
from bot.errors import Fatal
from tests.fakes.chat import View
from tests.usecases.incident_rig import ANA, BEN, HOUR, NOW, IncidentRig, incident

STRANGER = Person(team="T0OTHER", user="U0ANA")
NOBODY = Person(team="T0SANDBOX", user="U0NOBODY")


def rig_with(*more: Any, **fields: Any) -> IncidentRig:
    rig = IncidentRig()
    rig.keeps(incident(**fields), *more)
    rig.look()
    return rig


def refused(rig: IncidentRig) -> str:
    message = rig.whispered()
    assert isinstance(message, Refusal)
    return message.reason


def received(rig: IncidentRig) -> str:
    message = rig.whispered()
    assert isinstance(message, Receipt)
    return message.text


def test_whoever_takes_it_stands_on_the_card() -> None:
    rig = rig_with()
    rig.click(TakeIncident, incident="01A", by=NOBODY)
    assert (rig.known().owner, rig.known().state) == (NOBODY, IncidentState.ACKNOWLEDGED)
    assert rig.card().problems[0].owner == NOBODY
    assert (rig.said()[-1], received(rig)) == ("is on it.", "fraud in production: yours.")
    assert [row.entry.what for row in rig.audit.rows()] == ["incident taken"]


def test_all_of_a_card_is_taken_together() -> None:
    rig = rig_with(incident("01B", Kind.SERVICE, card="01A"))
    rig.click(TakeIncident, incident="01A")
    assert rig.known().owner == rig.known("01B").owner == ANA
    assert rig.said().count("is on it.") == 1


def test_a_card_outlives_the_incident_that_it_began_with() -> None:
    rig = rig_with(incident("01B", Kind.SERVICE, card="01A"), state=IncidentState.RESOLVED, resolved=NOW)
    rig.log.forget(NOW + 1)
    rig.click(TakeIncident, incident="01A")
    assert (rig.card().problems[0].owner, rig.card().incident) == (ANA, "01A")
    assert rig.said()[-1] == "is on it."


def test_a_double_click_is_one() -> None:
    rig = rig_with()
    rig.click(TakeIncident, incident="01A")
    before = len(rig.chat.sent), len(list(rig.audit.rows()))
    rig.click(TakeIncident, incident="01A")
    assert (len(rig.chat.sent), len(list(rig.audit.rows()))) == before
    assert received(rig) == "fraud in production: yours already."


def test_somebody_else_takes_it_over_and_the_thread_says_so() -> None:
    rig = rig_with()
    rig.click(TakeIncident, incident="01A")
    rig.click(TakeIncident, incident="01A", by=BEN)
    assert rig.known().owner == BEN
    assert rig.said()[-2:] == ["is on it.", "is on it now."]
    assert [getattr(reply.message, "to", None) for reply in rig.replies()[-2:]] == [(), (ANA,)]
    assert "Whoever was on it" in received(rig)


@pytest.mark.parametrize("by", [ANA, BEN], ids=["may promote", "owner"])
def test_a_snooze_says_until_when_and_why(by: Person) -> None:
    rig = rig_with()
    rig.click(SnoozeIncident, incident="01A", until="2h", reason="holidays", by=by)
    held = rig.known().snooze
    assert held is not None
    assert (held.until, held.by, held.why) == (NOW + 2 * HOUR, by, "holidays")
    assert rig.card().problems[0].snooze == held
    assert rig.said()[-1] == "snoozed it until 2026-12-23 06:26 UTC: holidays"
    assert received(rig) == "fraud in production: snoozed until 2026-12-23 06:26 UTC."
    [row] = rig.audit.rows()
    assert (row.entry.what, row.entry.why) == ("incident snoozed", "holidays")


def test_when_a_snooze_is_over_the_card_wakes_by_itself() -> None:
    rig = rig_with()
    rig.click(SnoozeIncident, incident="01A", until="1h")
    rig.work(HOUR + 2)
    assert rig.known().state is IncidentState.OPEN
    assert [row.entry.what for row in rig.audit.rows()] == ["incident snoozed", "incident snooze ended"]
    assert rig.said()[-1] == "Snooze over, drift goes on: fraud, production"


@pytest.mark.parametrize("environment", ["production", "prod"])
def test_a_model_in_an_environment_by_command(environment: str) -> None:
    rig = rig_with(incident("01B", Kind.SERVICE))
    rig.click(SnoozeIncident, model="fraud", environment=environment, until="2026-12-24T18:00")
    assert {rig.known().state, rig.known("01B").state} == {IncidentState.SNOOZED}
    assert received(rig) == "fraud in production: snoozed until 2026-12-24 18:00 UTC."


def test_everything_of_a_storm() -> None:
    rig = IncidentRig()
    rig.keeps(incident(storm="S1"), incident("01B", Kind.SERVICE, storm="S1"))
    rig.click(SnoozeIncident, storm="S1", until="1d")
    assert {rig.known().state, rig.known("01B").state} == {IncidentState.SNOOZED}


NOT_DONE: dict[str, tuple[dict[str, Any], str]] = {
    "no such incident": ({"incident": "01NOBODY"}, "unknown_incident"),
    "no such storm": ({"storm": "nope"}, "unknown_incident"),
    "forged": ({"incident": "'; drop table incidents; --"}, "unknown_incident"),
    "of another workspace": ({"incident": "01A", "by": STRANGER}, "not_allowed"),
}


@pytest.mark.parametrize(
    ("kind", "case"),
    [
        (kind, case)
        for kind in (TakeIncident, SnoozeIncident, ShowIncident)
        for case, (fields, _) in NOT_DONE.items()
        if kind is not ShowIncident or "storm" not in fields  # a storm has no details of its own
    ],
)
def test_refused_with_words(kind: type[Any], case: str) -> None:
    fields, reason = NOT_DONE[case]
    rig = rig_with()
    more = {"until": "1h"} if kind is SnoozeIncident else {}
    rig.click(kind, **more, **fields)
    assert refused(rig) == reason
    assert (rig.known().owner, rig.known().snooze) == (None, None)


SNOOZES: dict[str, tuple[dict[str, Any], str]] = {
    "somebody": ({"incident": "01A", "until": "1h", "by": NOBODY}, "not_allowed"),
    "no time": ({"incident": "01A", "until": "soon"}, "bad_usage"),
    "over already": ({"incident": "01A", "until": "2020-01-01T00:00"}, "bad_usage"),
    "for good": ({"incident": "01A", "until": "91d"}, "bad_usage"),
    "no model": ({"model": "nope", "environment": "production", "until": "1h"}, "unknown_incident"),
    "no environment": ({"model": "fraud", "environment": "mars", "until": "1h"}, "unknown_environment"),
}


@pytest.mark.parametrize("case", SNOOZES)
def test_no_snooze(case: str) -> None:
    fields, reason = SNOOZES[case]
    rig = rig_with()
    rig.click(SnoozeIncident, **fields)
    assert (refused(rig), rig.known().state) == (reason, IncidentState.OPEN)


@pytest.mark.parametrize("kind", [TakeIncident, SnoozeIncident])
def test_what_is_over_answers_politely(kind: type[Any]) -> None:
    rig = rig_with(state=IncidentState.RESOLVED, resolved=NOW)
    rig.click(kind, incident="01A", **({"until": "1h"} if kind is SnoozeIncident else {}))
    assert refused(rig) == "already_decided"


def filled(rig: IncidentRig, **fields: Any) -> Any:
    rig.chat.views["V1"] = View("h")
    rig.click(FillForm, form="snooze_incident", view_id="V1", view_hash="h", **fields)
    return rig.chat.views["V1"].form


def test_the_form_of_a_snooze() -> None:
    form = filled(rig_with(), change="01A")
    assert isinstance(form, SnoozeIncidentForm)
    assert (form.about, form.incident, form.channel) == ("fraud in production", "01A", "C0DEPLOYS")
    assert sorted(one.value for one in form.spans) == ["1d", "1h", "1w", "4h"]


def test_the_form_of_a_snooze_of_all() -> None:
    rig = IncidentRig()
    rig.keeps(incident(storm="S1"), incident("01B", Kind.SERVICE, storm="S1"))
    form = filled(rig, digest="S1")
    assert isinstance(form, SnoozeIncidentForm)
    assert (form.about, form.incident, form.storm) == ("these 2 incidents", "", "S1")


@pytest.mark.parametrize("fields", [{"change": "01NOBODY"}, {}, {"digest": "nope"}])
def test_a_form_of_nothing_says_so(fields: dict[str, str]) -> None:
    assert isinstance(filled(rig_with(), **fields), FormFault)


def test_details_stand_in_the_thread_once_a_window() -> None:
    rig = rig_with()
    rig.click(ShowIncident, incident="01A", by=NOBODY)
    rig.click(ShowIncident, incident="01A", by=BEN)
    [table] = [sent.message for sent in rig.replies() if isinstance(sent.message, FeatureTable)]
    assert [one.feature for one in table.readings] == ["amount", "country", "age"]
    [file] = rig.chat.files.values()
    assert (file.channel, file.thread) == ("C0FRAUD", rig.cards()[0].posted.ts)
    assert "amount (psi 0.6, limit 0.2): 0 to 1 90 % → 10 %" in file.alt
    rig.keeps(rig.known().model_copy(update={"at": NOW}))
    rig.click(ShowIncident, incident="01A")
    assert len(rig.chat.files) == 2


def test_details_where_no_files_are_taken() -> None:
    rig = rig_with()
    rig.chat.refuses_files = Fatal("missing_scope")
    rig.click(ShowIncident, incident="01A")
    assert received(rig).endswith("The picture cannot be drawn or shown here.")
    assert "Drift of fraud, production" in rig.said()


def test_details_of_what_has_no_card_are_for_the_asker_alone() -> None:
    rig = IncidentRig()
    rig.keeps(incident(shapes=(), storm="S1"))
    rig.click(ShowIncident, incident="01A")
    table = rig.whispered()
    assert isinstance(table, FeatureTable)
    assert table.note == "Its monitor tells no distributions."
    assert rig.chat.sent == []
