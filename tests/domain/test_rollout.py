"""A rollout is a fold over a set: the order of arrival and duplicates change nothing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rollout import BAD_SECONDS, CALM_SECONDS, Rollout, RolloutState, Times, follow
from bot.domain.signal import Phase, Signal

MERGED = 1_000.0
TIMES = Times(timeout=900, watch=3600)


def told(phase: str, at: float, application: str = "m-p", message: str = "", source: str = "argocd") -> Signal:
    revision = None if phase in ("alert", "calm") else "a" * 40
    return Signal(
        source=source,
        application=application,
        phase=Phase(phase),
        at=MERGED + at,
        revision=revision,
        message=message,
    )


def after(seconds: float, *signals: Signal, replaced: float | None = None, times: Times = TIMES) -> Rollout:
    gone = None if replaced is None else MERGED + replaced
    return follow(signals, MERGED, times, MERGED + seconds, gone)


STORY = (
    told("syncing", 10),
    told("synced", 20),
    told("progressing", 21),
    told("healthy", 60),
    told("degraded", 700, message="0 of 3 pods"),
    told("progressing", 800),
    told("healthy", 900),
)


@pytest.mark.parametrize(
    ("at", "state", "watching"),
    [
        (0, "waiting", True),
        (15, "syncing", True),
        (25, "progressing", True),
        (61, "healthy", True),
        (701, "degraded", True),
        (801, "progressing", True),
        (3600, "healthy", True),
        (3660, "healthy", False),
    ],
    ids=str,
)
def test_a_story_as_it_goes(at: float, state: str, watching: bool) -> None:
    seen = after(at, *[signal for signal in STORY if signal.at <= MERGED + at])
    assert (seen.state.value, seen.watching) == (state, watching)


def test_the_whole_story_has_its_times() -> None:
    seen = after(1_000, *STORY)
    assert (seen.syncing_at, seen.progressing_at, seen.healthy_at) == (MERGED + 10, MERGED + 21, MERGED + 60)
    assert (seen.bad_at, seen.relapsed_at, seen.episode) == (MERGED + 700, MERGED + 700, 1)
    assert seen.watched_until == MERGED + 60 + 3600


def test_no_signal_within_the_timeout_is_a_state() -> None:
    assert after(899).state is RolloutState.WAITING
    assert after(900).state is RolloutState.SILENT
    assert after(900).watching
    assert not after(3600).watching


def test_signals_that_lead_nowhere_within_the_timeout_are_a_state() -> None:
    assert after(899, told("progressing", 10)).state is RolloutState.PROGRESSING
    assert after(900, told("progressing", 10)).state is RolloutState.STALLED
    assert after(900, told("progressing", 10), told("healthy", 890)).state is RolloutState.HEALTHY
    restarted = after(2_000, told("healthy", 10), told("progressing", 1_500))
    assert restarted.state is RolloutState.PROGRESSING  # it was healthy in time


def test_what_took_its_place_ends_it() -> None:
    seen = after(500, told("healthy", 60), told("degraded", 400), replaced=300)
    assert (seen.state, seen.watching, seen.episode) == (RolloutState.REPLACED, False, 0)
    assert seen.healthy_at == MERGED + 60
    assert seen.watched_until == MERGED + 300


def test_what_stays_bad_is_watched_on() -> None:
    broken = told("degraded", 60, message="no pods")
    seen = after(3700, broken)
    assert (seen.state, seen.watching, seen.words) == (RolloutState.DEGRADED, True, "no pods")
    assert not after(60 + BAD_SECONDS, broken).watching


def test_the_gravest_application_speaks_for_all() -> None:
    both = (told("healthy", 50, "eu"), told("degraded", 40, "us", "no pods"))
    assert after(60, *both).state is RolloutState.DEGRADED
    assert after(60, *both).application == "us"
    assert after(99, *both, told("healthy", 90, "us")).state is RolloutState.HEALTHY


def test_an_alert_counts_while_it_fires_and_never_proves_health() -> None:
    firing = told("alert", 100, "HighLatency/1", "p99 is 3 s", "alertmanager")
    calm = told("calm", 200, "HighLatency/1", "", "alertmanager")
    assert after(150, told("healthy", 60), firing).state is RolloutState.DEGRADED
    assert after(150, told("healthy", 60), firing).words == "p99 is 3 s"
    assert after(250, told("healthy", 60), firing, calm).state is RolloutState.HEALTHY
    assert after(250, firing, calm).state is RolloutState.WAITING


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("drift", RolloutState.HEALTHY),
        ("data_quality", RolloutState.HEALTHY),
        ("performance", RolloutState.DEGRADED),
        ("service", RolloutState.DEGRADED),
        ("health", RolloutState.DEGRADED),
        (None, RolloutState.DEGRADED),
    ],
)
def test_drift_takes_no_version_back(kind: str | None, state: RolloutState) -> None:
    firing = told("alert", 100, "Alert/1", "", "alertmanager").model_copy(update={"kind": kind})
    assert after(150, told("healthy", 60), firing).state is state


def test_flapping_is_one_episode_and_a_relapse_after_calm_another() -> None:
    flaps = [told("degraded" if i % 2 else "healthy", 60 + 20 * i) for i in range(9)]
    assert after(400, *flaps).episode == 1
    late = 60 + 20 * 8 + CALM_SECONDS
    assert after(900, *flaps, told("degraded", late)).episode == 2
    assert after(900, *flaps, told("degraded", late)).relapsed_at == MERGED + late


SIGNALS = st.builds(
    told,
    st.sampled_from([phase.value for phase in Phase]),
    st.integers(-5, 400).map(float),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["", "words"]),
    st.sampled_from(["argocd", "alertmanager"]),
)


@given(st.lists(SIGNALS, max_size=12), st.randoms(use_true_random=False), st.integers(0, 4_000))
def test_order_and_duplicates_change_nothing(signals: list[Signal], chance: random.Random, now: int) -> None:
    shuffled = signals + chance.choices(signals, k=3) if signals else []
    chance.shuffle(shuffled)
    assert after(now, *shuffled) == after(now, *signals)
