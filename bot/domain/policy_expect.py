"""What came of a policy test, beside what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.policy_case import Expect
from bot.domain.policy_case_values import moment_of


@dataclass(frozen=True)
class Found:
    """What came of a case. ``why`` is in words; the rest is what a case may expect."""

    decision: str
    reason: str | None = None
    why: str = ""
    merge: str = "no"
    blocking: str | None = None
    gates: Mapping[str, str] = field(default_factory=dict, hash=False)
    approvals: int = 0
    missing: int = 0
    counts: tuple[str, ...] = ()
    does_not_count: Mapping[str, str] = field(default_factory=dict, hash=False)
    next_window: str | None = None


@dataclass(frozen=True)
class Difference:
    """One thing that was expected otherwise."""

    key: str
    expected: str
    got: str


def differences(expect: Expect, found: Found) -> Iterator[Difference]:
    """What the case says and what came of it, where the two are not the same."""
    for key in sorted(expect.model_fields_set, key=list(Expect.model_fields).index):
        wanted, got = getattr(expect, key), getattr(found, key)
        if key in ("gates", "does_not_count"):
            yield from _within(key, wanted or {}, got)
        elif key == "counts" and sorted(wanted or ()) != sorted(got):
            yield Difference(key, _words(wanted), _words(got))
        elif key == "next_window" and wanted is not None and got is not None:
            if moment_of(wanted) != moment_of(got):
                yield Difference(key, wanted, got)
        elif key != "counts" and wanted != got:
            yield Difference(key, _words(wanted), _words(got))


def _within(key: str, wanted: Mapping[str, str], got: Mapping[str, str]) -> Iterator[Difference]:
    """Gates by state; reviews by a part of the reason why they do not count."""
    for name, state in wanted.items():
        there = got.get(name)
        same = there == state if key == "gates" else there is not None and state in there
        if not same:
            yield Difference(f"{key}.{name}", state, there or "not there")


def _words(value: Any) -> str:
    if value is None or value == ():
        return "none"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
