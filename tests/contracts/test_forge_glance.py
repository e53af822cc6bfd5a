"""All open pull requests at a glance: whatever moves one of them, its reviews or its checks moves its text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.facts import Status
from tests.contracts.test_forge import FakeHands, Hands, hands, proposed

__all__ = ["hands"]


def review(hands: Hands, number: int, head: str) -> None:
    hands.forge.record(number, head, "Looks good.")


def status(hands: Hands, number: int, head: str) -> None:
    hands.forge.set_status(head, Status("slackops/gates", "failure", "no"))


def status_moves(hands: Hands, number: int, head: str) -> None:
    hands.forge.set_status(head, Status("slackops/gates", "success", "fine"))


def test_it_moves_with_its_reviews_and_checks_and_only_then(hands: Hands) -> None:
    number = proposed(hands)
    head = hands.forge.pull(number).head
    moves: list[Callable[[Hands, int, str], None]] = [review, status, status_moves]
    texts = [hands.forge.glance()]
    for move in moves:
        move(hands, number, head)
        assert hands.forge.glance() == hands.forge.glance()
        texts.append(hands.forge.glance())
    assert all(text is not None and list(text) == [number] for text in texts)
    assert len({str(text) for text in texts}) == len(texts)


def test_what_is_closed_is_not_told_of(hands: Hands) -> None:
    number = proposed(hands)
    hands.forge.close_pull(number, "enough")
    assert hands.forge.glance() == {}


def test_a_forge_that_cannot_tell_says_so(hands: Hands) -> None:
    if not isinstance(hands, FakeHands):
        pytest.skip("only a fake can unlearn it; the adapter's own tests have servers that never knew")
    hands.forge.glances = False
    assert hands.forge.glance() is None
