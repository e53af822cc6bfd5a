"""Which incidents are a storm, and what they share: as tables."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drifting.incidents import Incident, IncidentState, Word
from bot.domain.drifting.storms import Cause, Joined, cause, joined
from bot.domain.drifting.windows import Kind, Reading, Severity, Verdict
from bot.domain.policy import StormRule
from bot.domain.storm_words import cause_words, headline, storm_card

RULE = StormRule(incidents=3, within=900.0)


def incident(number: int, opened: float, **more: object) -> Incident:
    given = {
        "id": f"I{number:03}",
        "card": f"I{number:03}",
        "model": f"model-{number}",
        "environment": "production",
        "kind": Kind.DRIFT,
        "state": IncidentState.OPEN,
        "severity": Severity.WARNING,
        "opened": opened,
        "channel": "#prod",
    }
    return Incident.model_validate(given | more)


def reading(feature: str, score: float = 2.0) -> Reading:
    return Reading(feature=feature, method="psi", value=0.4, threshold=0.2, verdict=Verdict.BAD, score=score)


THREE = [incident(1, 0.0), incident(2, 100.0), incident(3, 200.0)]
CASES = {
    "alone": ([], incident(4, 300.0), Joined()),
    "as many as may be": (THREE[:2], incident(4, 300.0), Joined()),
    "one more than may be": (THREE, incident(4, 300.0), Joined("I004", ("I001", "I002", "I003"))),
    "the first was too long ago": (THREE, incident(4, 900.0), Joined()),
    "kinds of one model": (
        [*THREE[:2], incident(3, 200.0, model="model-2")],
        incident(4, 300.0, model="model-1"),
        Joined(),
    ),
    "one model in many environments": (
        [incident(n, 100.0 * n, model="m", environment=f"e{n}") for n in range(1, 4)],
        incident(4, 300.0, model="m"),
        Joined("I004", ("I001", "I002", "I003")),
    ),
    "later ones count not": ([*THREE[:2], incident(9, 301.0)], incident(4, 300.0), Joined()),
    "a storm goes on": ([incident(1, 100.0, storm="S")], incident(4, 300.0), Joined("S")),
    "of a storm that goes on, alone": ([incident(1, 100.0, storm="S", model="model-4")], incident(4, 300.0), Joined()),
    "a storm that nobody joined any more": ([incident(1, 100.0, storm="S")], incident(4, 1000.0), Joined()),
    "its card is in a storm": (
        [incident(1, -9000.0, storm="S")],
        incident(4, 300.0, card="I001"),
        Joined("S"),
    ),
    "its card was in a storm": (
        [incident(1, -9000.0, storm="S", state=IncidentState.RESOLVED)],
        incident(4, 300.0, card="I001"),
        Joined(),
    ),
    "decided before": ([], incident(4, 300.0, storm="S"), Joined("S")),
    "begun, and killed with one written": (
        [THREE[0], incident(2, 100.0, storm="I004"), THREE[2]],
        incident(4, 300.0),
        Joined("I004", ("I001", "I002", "I003")),
    ),
    "begun, and killed after its own was written": (
        THREE,
        incident(4, 300.0, storm="I004"),
        Joined("I004", ("I001", "I002", "I003")),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_which_storm_an_incident_is_part_of(case: str) -> None:
    channel, mine, expected = CASES[case]
    assert joined(mine, [*channel, mine], RULE) == expected


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=12))
def test_nobody_is_left_out_of_a_storm_that_came_after_it_began(times: list[int]) -> None:
    """Decided one after the other, as they come: after a storm began, whoever comes within the time joins it, while
    more than half of the rule's number do."""
    known: list[Incident] = []
    for number, opened in enumerate(sorted(times)):
        mine = incident(number, float(opened))
        found = joined(mine, known, RULE)
        kept = [one.model_copy(update={"storm": found.storm}) if one.id in found.others else one for one in known]
        known = [*kept, mine.model_copy(update={"storm": found.storm})]
    for before, after in itertools.pairwise(known):
        lately = [
            one for one in known if after.opened - RULE.within < one.opened <= after.opened and one.id <= after.id
        ]
        if before.storm and after.opened - before.opened < RULE.within:
            assert after.storm == (before.storm if len(lately) > 1 else "")


def shared(*names: str, monitor: str = "evidently:nightly") -> list[Incident]:
    says = (Word(monitor=monitor, verdict=Verdict.BAD, at=1.0),)
    return [
        incident(number, 0.0, readings=(reading(name), reading(f"own_{number}", 9.0)), says=says)
        for number, name in enumerate(names)
    ]


CAUSES = {
    "all share a feature": (shared("country", "country", "country"), ("feature", "country", 3)),
    "half of them": (shared("country", "country", "x", "y"), ("feature", "country", 2)),
    "fewer than half share a feature, all a monitor": (
        shared("country", "country", "x", "y", "z"),
        ("monitor", "evidently:nightly", 5),
    ),
    "alerts of one rule, each about its own model": (
        [
            incident(n, 0.0, says=(Word(monitor=f"alertmanager:Latency/{n}", verdict=Verdict.BAD, at=1.0),))
            for n in range(3)
        ],
        ("monitor", "alertmanager:Latency", 3),
    ),
    "in another case": (shared("Country", "country", "country"), ("feature", "country", 3)),
    "one alone shares nothing": (shared("country")[:1], ("", "", 0)),
}


@pytest.mark.parametrize("case", CAUSES)
def test_what_they_share(case: str) -> None:
    members, expected = CAUSES[case]
    found = cause(members)
    assert (found.kind, found.name, found.share) == expected
    assert found.models == len(members)


def test_nothing_shared_is_said_to_be_shared() -> None:
    apart = [incident(n, 0.0, readings=(reading(f"f{n}"),)) for n in range(4)]
    assert cause(apart) == Cause(models=4)
    assert "No feature" in cause_words(cause(apart))


def test_the_card_says_how_many_since_when_and_the_worst_first() -> None:
    members = [incident(n, float(n), score=float(n)) for n in range(8)]
    members[3] = members[3].model_copy(update={"severity": Severity.CRITICAL})
    members[7] = members[7].model_copy(update={"state": IncidentState.RESOLVED, "resolved": 50.0})
    card = storm_card("S", members)
    assert headline(card) == "Drift (1 critical): 7 of 8 models, production"
    assert (card.going, card.since, card.over) == (7, 0.0, None)
    assert [line.model for line in card.lines] == ["model-3", "model-6", "model-5", "model-4", "model-2"]
    assert dict(card.counts) == {IncidentState.OPEN: 7, IncidentState.RESOLVED: 1}


def test_it_is_over_when_the_last_one_is_resolved() -> None:
    over = {"state": IncidentState.RESOLVED}
    card = storm_card("S", [incident(n, 0.0, resolved=60.0 * n, **over) for n in range(1, 4)])
    assert card.over == 180.0
    assert headline(card) == "Resolved drift: 3 models, production"
    assert card.lines == ()


def test_the_last_one_of_a_storm_keeps_the_cause_of_all() -> None:
    over = {"state": IncidentState.RESOLVED, "resolved": 50.0}
    members = [incident(n, 1.0, readings=(reading("country_code"),), **(over if n else {})) for n in range(4)]
    card = storm_card("S", members)
    assert (card.going, card.models, card.cause.name, card.cause.share) == (1, 4, "country_code", 4)
