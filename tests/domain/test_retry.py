"""The retry policy as a table."""

from __future__ import annotations

import pytest

from bot.domain.retry import RULES, pause
from bot.errors import (
    ChatUnavailable,
    Fatal,
    ForgeUnavailable,
    Reason,
    Refused,
    RegistryUnavailable,
    StoreUnavailable,
    Transient,
)


def half() -> float:
    return 0.5


@pytest.mark.parametrize(
    ("error", "attempt", "expected"),
    [
        (Fatal("no such channel"), 1, None),
        (Refused(Reason.BAD_USAGE, "no"), 1, None),
        (ForgeUnavailable("down"), 1, 1),
        (ForgeUnavailable("down"), 2, 2),
        (ForgeUnavailable("down"), 19, 300),
        (ForgeUnavailable("down"), 20, None),
        (ForgeUnavailable("wait", retry_after=900), 1, 901),
        (ForgeUnavailable("wait", retry_after=900), 19, 905),
        (ForgeUnavailable("wait", retry_after=-5), 1, 1),
        (RegistryUnavailable("slow"), 1, 0.5),
        (RegistryUnavailable("slow"), 3, 2),
        (RegistryUnavailable("slow"), 4, None),
        (ChatUnavailable("ratelimited", retry_after=30), 1, 30.5),
        (StoreUnavailable("locked"), 1, 0.25),
        (Transient("perhaps"), 1, 0.5),
        (Transient("perhaps"), 10, None),
        (KeyError("bug"), 1, 0.5),
        (KeyError("bug"), 4, None),
        (ForgeUnavailable("taken over often"), 10_000, None),
    ],
)
def test_pause(error: Exception, attempt: int, expected: float | None) -> None:
    assert pause(error, attempt, half) == expected


def test_full_jitter_draws_from_the_whole_interval() -> None:
    error = ForgeUnavailable("down")
    assert pause(error, 5, lambda: 0.0) == 0
    assert pause(error, 5, lambda: 0.999) == pytest.approx(32, rel=0.01)


def test_a_forge_outage_of_about_an_hour_is_outlived() -> None:
    waited = sum(pause(ForgeUnavailable("down"), n, half) or 0 for n in range(1, 20))
    assert 45 * 60 < waited < 90 * 60


def test_a_person_who_waits_for_the_registry_hears_soon() -> None:
    assert sum(pause(RegistryUnavailable("down"), n, lambda: 1.0) or 0 for n in range(1, 5)) < 10


def test_a_subclass_stands_before_its_base() -> None:
    kinds = [kind for kind, _ in RULES]
    assert not [(a, b) for i, a in enumerate(kinds) for b in kinds[i + 1 :] if issubclass(b, a)]
    assert kinds[-1] is Exception
