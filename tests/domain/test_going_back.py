"""A rollback goes to the last version that was healthy."""

from __future__ import annotations

import pytest

from bot.domain.going_back import last_healthy, reasons
from bot.domain.health import Health, Verdict, health_of
from bot.domain.past import Past
from bot.domain.signal import Phase, Signal


def history(*stays: str) -> list[Past]:
    """Newest first, each `version` or `version<` when a rollback brought it in; one every 100 s."""
    steps = [(text.rstrip("<"), "rollback" if text.endswith("<") else "promote") for text in reversed(stays)]
    made = [Past(f"c{i}", 100.0 * i, version, action=action) for i, (version, action) in enumerate(steps)]
    return made[::-1]


GOOD, BAD, NONE, SOME = (Verdict.HEALTHY, Verdict.BAD, Verdict.UNHEARD, Verdict.PENDING)


@pytest.mark.parametrize(
    ("stays", "verdicts", "banned", "chosen"),
    [
        (["43", "42", "41"], {"42": GOOD, "41": GOOD}, (), "42"),
        (["43", "42", "41"], {"42": BAD, "41": GOOD}, (), "41"),
        (["43", "42", "41"], {"42": NONE, "41": GOOD}, (), "41"),
        (["43", "42", "41"], {"42": BAD, "41": NONE}, (), "41"),
        (["43", "42", "41"], {"42": BAD, "41": SOME}, (), "41"),
        (["43", "42", "41"], {"42": BAD, "41": BAD}, (), "42"),
        (["43", "42", "41"], {"42": GOOD, "41": GOOD}, ("42",), "41"),
        (["43", "42"], {"42": GOOD}, ("42",), None),
        (["43"], {}, (), None),
        ([], {}, (), None),
        (["41<", "42", "41", "40"], {"42": GOOD, "40": GOOD}, (), "40"),
        (["41<", "42<", "43", "42", "41", "40"], {"42": GOOD, "43": GOOD, "40": GOOD}, (), "40"),
        (["42", "41<", "42", "41"], {"41": GOOD}, (), "41"),
    ],
    ids=[
        "the one before was healthy", "the one before was bad", "nobody told of the one before", "bad, then unheard",
        "bad, then pending", "all bad", "banned", "all banned", "first version", "no history",
        "left by a rollback", "a rollback of a rollback", "promoted again by name",
    ],
)  # fmt: skip
def test_which_version(stays: list[str], verdicts: dict[str, Verdict], banned: tuple[str, ...], chosen: str) -> None:
    def judge(past: Past, left_at: float | None) -> Health:
        assert left_at is not None and left_at > past.time
        return Health(verdicts[past.version or ""])

    deployed = stays[0].rstrip("<") if stays else None
    found = last_healthy(history(*stays), deployed, judge, banned)
    assert (found.past.version if found else None) == chosen


def test_without_an_engine_it_is_the_version_before() -> None:
    found = last_healthy(history("43", "42", "41"), "43", None)
    assert found is not None
    assert found.past.version == "42"
    assert reasons(found) == ("42 is the version before; no engine ever told how it was.",)


def test_what_was_passed_over_is_told() -> None:
    found = last_healthy(
        history("43", "42", "41"),
        "43",
        lambda past, _: Health(BAD, words="no pods") if past.version == "42" else Health(GOOD),
    )
    assert found is not None
    assert reasons(found) == (
        "41 is the last version that was healthy.",
        "Passed over: 42, was not healthy when it was left: no pods.",
    )


def told(version: str | None, phase: str, at: float) -> tuple[str | None, Signal]:
    revision = "a" * 40 if version else None
    source = "argocd" if version else "alertmanager"
    return version, Signal(source=source, application="a", phase=Phase(phase), at=at, revision=revision)


@pytest.mark.parametrize(
    ("signals", "verdict"),
    [
        ([], NONE),
        ([told("41", "healthy", 150)], NONE),
        ([told("42", "healthy", 150)], GOOD),
        ([told("42", "healthy", 150), told("42", "degraded", 180)], BAD),
        ([told("42", "degraded", 150), told("42", "healthy", 180)], GOOD),
        ([told("42", "healthy", 150), told("42", "degraded", 250)], GOOD),
        ([told("42", "healthy", -520)], NONE),
        ([told("42", "progressing", 150)], SOME),
        ([told("42", "healthy", 150), told(None, "alert", 160)], BAD),
        ([told("42", "healthy", 150), told(None, "alert", 160), told(None, "calm", 170)], GOOD),
    ],
    ids=[
        "nothing", "another version", "healthy", "bad at the end", "mended", "bad after it was left", "an earlier stay",
        "on its way", "an alert", "an alert that ended",
    ],
)  # fmt: skip
def test_how_a_version_did(signals: list[tuple[str | None, Signal]], verdict: Verdict) -> None:
    for order in (signals, signals[::-1]):
        assert health_of(order, "42", 100.0, 200.0).verdict is verdict
