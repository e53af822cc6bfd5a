"""From facts to a digest: what is counted, ranked, cut and left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.slack_blocks import render
from bot.domain.digest_changed import changed, worse
from bot.domain.digest_due import Declared, as_json, declared_now, from_json
from bot.domain.digest_facts import Deployed, DigestFacts, Span
from bot.domain.digest_grid import grid_of, windows_of
from bot.domain.digest_open import snoozed, still_open, worst_features
from bot.domain.digest_stops import held, stands_out
from bot.domain.digesting import digest_of
from bot.domain.drifting.incidents import IncidentState, Past
from bot.domain.drifting.windows import Reading, Severity, Verdict
from bot.domain.policy.model_drift import DigestRule
from bot.domain.policy.model_windows import AllowWindow, DenyWindow, OpenHours, WindowRule
from bot.domain.stops import Banned, Frozen, Stops
from tests.support.slack_contract import check_message
from tests.usecases.digest_rig import ANA, DAY, HOUR, MONDAY, incident
from tests.usecases.digest_rig import snoozed as asleep

SPAN = Span(MONDAY - DAY, MONDAY)
WORK = OpenHours(frozenset(range(5)), 9 * 60, 16 * 60)


def facts(*incidents: Any, **more: Any) -> DigestFacts:
    return DigestFacts(now=MONDAY, span=SPAN, incidents=incidents, **more)


def words(lines: Any) -> list[str]:
    """Each line as text, with the names of its pieces' contents."""
    return ["".join(str(getattr(piece, "text", getattr(piece, "at", piece))) for piece in line) for line in lines]


def past(
    *scores: float | None, monitor: str = "m", start: float = MONDAY - 2 * DAY, every: float = 6 * HOUR
) -> tuple[Past, ...]:
    return tuple(
        Past(
            at=start + every * place,
            monitor=monitor,
            verdict=Verdict.UNKNOWN if score is None else Verdict.BAD if score > 1 else Verdict.FINE,
            score=score,
        )
        for place, score in enumerate(scores)
    )


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        pytest.param((1.2, 1.2, 1.2, 1.2, 1.2, 1.9), (1.2, 1.9), id="by the factor"),
        pytest.param((1.2, 1.2, 1.2, 1.2, 1.2, 1.7), None, id="not by it"),
        pytest.param((0.1, 0.1, 0.1, 0.1, 0.1, 0.9), None, id="within its limit"),
        pytest.param((1.2, 1.2), None, id="silent in the span"),
        pytest.param((None, None, None, None, None, 4.0), None, id="nothing before it"),
    ],
)
def test_worse_is_by_the_policys_factor(scores: tuple[float | None, ...], found: tuple[float, float] | None) -> None:
    one = incident("fraud/production/drift", MONDAY - 3 * DAY, past=past(*scores))
    assert [grown for _, grown in worse(facts(one))] == ([found] if found else [])


def test_verdicts_without_scores_are_no_figures() -> None:
    """An alert tells that it fires, and not always how much."""
    bare = tuple(one.model_copy(update={"score": None}) for one in past(1.2, 1.2, 1.2, 1.2))
    one = incident("fraud/production/service", MONDAY - 3 * DAY, past=(*bare, *past(9.0, start=MONDAY - 1)), score=9.0)
    assert worse(facts(one)) == []
    grid = grid_of([one])
    assert grid is not None
    assert not grid.cells[0].scored


def test_a_span_ends_with_the_moment_that_the_next_begins_after() -> None:
    edges = [incident(f"m{at}/p/drift", MONDAY + at) for at in (-DAY, -DAY + 1, 0, 1)]
    assert [one.model for one in facts(*edges).opened] == ["m-86399.0", "m0"]


def test_groups_are_short_however_many_there_are() -> None:
    found = [incident(f"m{n:03}/production/drift", MONDAY - HOUR, 2.0) for n in range(300)]
    (line,) = words(changed(facts(*found)).lines)
    assert line.startswith("Opened 300: m000 production, drift · ")
    assert line.endswith(" · +294 more")


def test_open_ones_stand_by_rank_and_snoozed_ones_apart() -> None:
    shown = facts(
        incident("mild/production/drift", MONDAY - DAY, 9.0),
        incident("bad/production/drift", MONDAY - DAY, 3.0, severity=Severity.CRITICAL),
        asleep("quiet/production/drift", MONDAY - DAY, MONDAY + DAY),
        incident("over/production/drift", MONDAY - DAY, state=IncidentState.RESOLVED, resolved=MONDAY - 1),
    )
    assert [line.partition(" ")[0] for line in words(still_open(shown).lines)] == ["bad", "mild"]
    assert [line.partition(" ")[0] for line in words(snoozed(shown).lines)] == ["quiet"]
    quiet = shown.incidents[2]
    bare = quiet.model_copy(update={"snooze": quiet.snooze and quiet.snooze.model_copy(update={"why": None})})
    assert [snoozed(facts(one)).lines[0][-1] for one in (quiet, bare)] == [": holiday", ""]


def test_features_rank_by_models_then_by_how_far() -> None:
    def reads(name: str, *features: tuple[str, float]) -> Any:
        readings = tuple(
            Reading(
                feature=feature,
                method="psi",
                value=1.0,
                verdict=Verdict.BAD if score > 1 else Verdict.FINE,
                score=score,
            )
            for feature, score in features
        )
        return incident(f"{name}/production/drift", MONDAY - DAY, readings=readings)

    shown = facts(reads("a", ("amount", 9.0), ("country", 1.5), ("age", 0.5)), reads("b", ("country", 2.0)))
    assert words(worst_features(shown).lines) == [
        "country in 2 models, the worst in b production, 2 × limit",
        "amount in a production, 9 × limit",
    ]


def closed(first: tuple[int, int, int], last: tuple[int, int, int]) -> WindowRule:
    return WindowRule(deny=(DenyWindow(dt.date(*first), dt.date(*last)),))


@pytest.mark.parametrize(
    ("rules", "said", "worth"),
    [
        pytest.param(WindowRule(allow=(AllowWindow(WORK),)), ["p merges until"], False, id="open"),
        pytest.param(closed((2026, 11, 20), (2026, 11, 24)), ["p is closed until"], True, id="closed now"),
        pytest.param(closed((2026, 12, 1), (2026, 12, 2)), ["p closes "], True, id="soon"),
        pytest.param(closed((2027, 3, 1), (2027, 3, 2)), [], False, id="far"),
        pytest.param(closed((2026, 1, 1), (2026, 1, 2)), [], False, id="over"),
        pytest.param(closed((2026, 11, 1), (9999, 12, 31)), ["p is closed"], True, id="for ever"),
    ],
)  # fmt: skip
def test_windows(rules: WindowRule, said: list[str], worth: bool) -> None:
    shown = facts(windows={"p": (rules,)})
    assert [line[: len(start)] for line, start in zip(words(held(shown).lines), said, strict=True)] == said
    assert stands_out(shown) is worth


def test_freezes_that_hold_and_bans_that_are_new() -> None:
    stops = Stops(
        (Frozen("p", None, ANA, MONDAY - HOUR, "1", reason="audit"), Frozen("s", None, ANA, 0.0, "2", until=MONDAY)),
        (Banned("m", "1", ANA, MONDAY - HOUR, "3"), Banned("m", "2", ANA, 0.0, "4")),
    )
    lines = words(held(facts(stops=stops)).lines)
    assert lines[0].startswith("p is frozen until it is lifted, by ")
    assert lines[1].startswith("m 1 is banned, by ")
    assert lines[2] == "1 older ban /slackops bans"


def test_what_is_frozen_is_not_said_to_merge_and_what_cannot_be_read_is_said() -> None:
    hours = {"p": (WindowRule(allow=(AllowWindow(WORK),)),), "s": (WindowRule(allow=(AllowWindow(WORK),)),)}
    stops = Stops((Frozen("p", None, ANA, 0.0, "1"),), freezes_fault="Freezes cannot be read.")
    lines = words(held(facts(stops=stops, windows=hours)).lines)
    assert next(line for line in lines if "merges" in line).startswith("s merges until")
    assert lines[0] == "Freezes cannot be read."
    assert stands_out(facts(stops=Stops(freezes_fault="Freezes cannot be read.")))


@pytest.mark.parametrize(("opened", "several"), [(0.0, False), (HOUR, True)], ids=["on time", "late"])
def test_what_is_quiet_is_one_line(opened: float, several: bool) -> None:
    report = digest_of(DigestFacts(MONDAY, Span(0.0, MONDAY, opened, several), models=1), "Digest")
    assert (report.headline, len(report.lead), report.parts) == ("Digest: nothing open, nothing new", 1, ())
    assert words(report.lead)[0].startswith("1 model. Late by" if several else "1 model. Since")


def test_a_fleet_in_trouble_fits_into_a_message() -> None:
    """1,000 models, everything as long as names may be."""
    long = "a-model-whose-name-is-as-long-as-names-may-be-" + "x" * 50
    found = [
        incident(f"{long}{n}/production/data_quality", MONDAY - HOUR * n, 1.0 + n, owner=ANA, storm="01S")
        for n in range(1, 1000)
    ]
    versions = {f"{long}{n}": tuple(Deployed(f"{long}{e}", "4" * 100, 0.0) for e in range(9)) for n in range(8)}
    report = digest_of(facts(*found, models=1000, versions=versions, unshown=992), "Digest")
    body = render(report, "ml-")
    check_message(body)
    assert "999 open" in body["text"]
    assert "+991 more: `/ml-drift MODEL`" in str(body)
    grid = grid_of(found)
    assert grid is not None
    assert (len(grid.cells), grid.title) == (12, "Open problems (the worst 12 of 999)")


def test_untrusted_words_mention_nobody_and_format_nothing() -> None:
    one = incident("<!channel>/*p*/drift", MONDAY - HOUR, readings=(
        Reading(feature="<@U0BEN> `x`", method="psi", value=1.0, verdict=Verdict.BAD, score=2.0),
    ))  # fmt: skip
    body = render(digest_of(facts(one), "Digest"))
    check_message(body)
    assert "<!channel>" not in str(body)
    assert "<@U0BEN>" not in str(body)


def test_monitors_are_not_mixed_in_a_line() -> None:
    told = (*past(0.2, 0.3, monitor="calm"), *past(1.5, 1.6, monitor="loud", start=MONDAY - 2 * DAY + HOUR))
    assert [one.score for one in windows_of(told)] == [1.5, 1.6]
    assert windows_of(()) == ()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.none() | st.floats(0, 1000)), max_size=60))
def test_any_past_has_a_line_and_a_digest(told: list[tuple[str, float | None]]) -> None:
    windows = tuple(
        one for n, (monitor, score) in enumerate(told) for one in past(score, monitor=monitor, start=MONDAY + n)
    )
    shown = windows_of(windows)
    assert len(shown) <= 24
    assert len({one.monitor for one in shown}) <= 1
    check_message(render(digest_of(facts(incident("m/p/drift", MONDAY - DAY, past=windows)), "Drift")))


RULE = DigestRule("ml", "0 9 * * *")


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        pytest.param(RULE, None, (100.0, 100.0), id="new"),
        pytest.param(RULE, ("0 9 * * * UTC", 5.0, 3.0), (5.0, 3.0), id="known"),
        pytest.param(RULE, ("0 8 * * * UTC", 5.0, 3.0), (100.0, 3.0), id="other times"),
        pytest.param(replace(RULE, timezone="Asia/Tokyo"), ("0 9 * * * UTC", 5.0, 3.0), (100.0, 3.0), id="zone"),
    ],
)  # fmt: skip
def test_since_when_it_counts(
    rule: DigestRule, before: tuple[str, float, float] | None, after: tuple[float, float]
) -> None:
    kept = {"ml": Declared(times=before[0], at=before[1], since=before[2])} if before else {}
    kept["gone"] = Declared(times="", at=0.0, since=0.0)
    declared = declared_now([rule], kept, 100.0)
    assert list(declared) == ["ml"]
    assert (declared["ml"].at, declared["ml"].since) == after
    assert from_json(as_json(declared)) == declared


@pytest.mark.parametrize("body", ["", "[]", "{", '{"ml": 3}', '{"ml": {"times": "x"}}'])
def test_what_cannot_be_read_begins_anew(body: str) -> None:
    assert from_json(body) == {}
