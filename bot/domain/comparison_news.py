"""When the comparison is told in the thread of a change: once for what the change means, and again when that moves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from bot.domain.by_hand import COMPARED
from bot.domain.comparison import Comparison
from bot.domain.comparison_card import ComparisonCard
from bot.domain.reconcile_actions import Action, Draw, Say
from bot.domain.snapshot import Snapshot


def comparison_actions(seen: Snapshot, said: frozenset[str]) -> list[Action]:
    """The tables, then a chart. Nothing while the registry has not told of a version, or has nothing to tell."""
    digest = seen.change.intent.digest[:12]
    actions: list[Action] = [table for table in _tables(seen, f"comparison:{digest}") if table.mark not in said]
    chart = f"chart:{digest}"
    drawn = seen.comparison is not None and seen.comparison.tells and not seen.change.swift
    return [*actions, Draw(chart)] if drawn and chart not in said else actions


def _tables(seen: Snapshot, mark: str) -> Iterator[Say]:
    """One a target. Only a pull request by hand has several, and the last of them gives it its name."""
    for one in seen.also_compared:
        if one.tells:
            yield Say(f"{mark}:{_of(one)}", ComparisonCard(one))
    if seen.comparison is not None and seen.comparison.tells:
        others = max(0, len(seen.change.moves) - COMPARED)
        yield Say(mark, ComparisonCard(seen.comparison, others=others))


def _of(one: Comparison) -> str:
    return hashlib.sha256(f"{one.model}\0{one.environment}".encode()).hexdigest()[:12]
