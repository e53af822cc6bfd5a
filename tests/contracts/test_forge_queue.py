"""What every Forge does about its merge queue, commits of its own making, and the one comment that it finds again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.facts import MergeResult, Status
from tests.contracts.test_forge import FakeHands, Hands, SandboxHands, hands, proposed
from tests.sandbox.test_github_support import FILE, REPO

__all__ = ["hands"]
RULES = [
    {"type": "merge_queue", "parameters": {"merge_method": "SQUASH"}},
    {
        "type": "required_status_checks",
        "parameters": {
            "required_status_checks": [{"context": "slackops/gates"}],
            "strict_required_status_checks_policy": False,
        },
    },
]


@pytest.fixture
def queued(hands: Hands) -> Iterator[Hands]:
    """The default branch has a merge queue."""
    if isinstance(hands, FakeHands):
        hands.forge.entries = []
    if isinstance(hands, SandboxHands):
        hands.world.world.github.set_rules(REPO, "main", RULES)
    yield hands


def ready(hands: Hands) -> tuple[int, str]:
    number = proposed(hands)
    head = hands.forge.pull(number).head
    hands.forge.set_status(head, Status("slackops/gates", "success", "fine"))
    return number, head


def test_without_a_queue_it_is_merged(hands: Hands) -> None:
    number, head = ready(hands)
    assert hands.forge.queue() is None
    assert not hands.forge.pull(number).queued
    assert hands.forge.merge(number, head, "squash", "T", "M").result == MergeResult.MERGED


def test_where_there_is_a_queue_it_stands_there_until_it_is_taken_out(queued: Hands) -> None:
    number, head = ready(queued)
    assert queued.forge.queue() == ()
    assert queued.forge.merge(number, head, "squash", "T", "M").result == MergeResult.QUEUED
    assert queued.forge.merge(number, head, "squash", "T", "M").result == MergeResult.QUEUED
    [entry] = queued.forge.queue() or ()
    assert (entry.number, entry.head, entry.position) == (number, head, 1)
    assert queued.forge.pull(number).queued
    assert not queued.forge.pull(number).merged
    queued.forge.dequeue(number)
    queued.forge.dequeue(number)
    assert queued.forge.queue() == ()
    assert not queued.forge.pull(number).queued


def test_a_head_that_was_not_judged_is_not_queued(queued: Hands) -> None:
    number, head = ready(queued)
    queued.change("slackops/promote", b"3\n")
    assert queued.forge.merge(number, head, "squash", "T", "M").result == MergeResult.MOVED
    assert queued.forge.queue() == ()


def test_a_commit_that_the_forge_makes(hands: Hands, tmp_path: Path) -> None:
    base = hands.head() or ""
    tree = base_tree(hands, base)
    made, new_tree = hands.forge.make_commit((base,), tree, {FILE: b"9\n"}, "Promote\n\nSlackOps-Change: 01A\n")
    assert new_tree != tree
    assert hands.head("slackops/api") is None
    assert hands.forge.point("slackops/api", made, new=True)
    assert hands.head("slackops/api") == made
    assert not hands.forge.point("slackops/api", made, new=True)
    second, _ = hands.forge.make_commit((made, base), new_tree, {"new.txt": b"\xff\x00"}, "Two parents")
    assert hands.forge.point("slackops/api", second, new=False)
    aside, _ = hands.forge.make_commit((base,), tree, {FILE: b"7\n"}, "Not on top")
    assert not hands.forge.point("slackops/api", aside, new=False)
    assert hands.head("slackops/api") == second


def test_one_comment_is_edited_in_place(hands: Hands) -> None:
    number = proposed(hands)
    for body in ("It would wait.", "It would wait.", "It would pass."):
        hands.forge.comment(number, "watching", body)
    assert comments(hands, number) == 1
    hands.forge.comment(number, "other", "Something else.")
    assert comments(hands, number) == 2


def test_a_commit_has_a_page(hands: Hands) -> None:
    head = hands.head() or ""
    assert hands.forge.commit_url(head).endswith(f"/commit/{head}")


def base_tree(hands: Hands, commit: str) -> str:
    if isinstance(hands, FakeHands):
        return hands.forge.checkout.tree(commit)
    assert isinstance(hands, SandboxHands)
    path = hands.world.world.github.repo_path(REPO)
    command = ["git", "--git-dir", str(path), "rev-parse", f"{commit}^{{tree}}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def comments(hands: Hands, number: int) -> int:
    if isinstance(hands, FakeHands):
        return len(hands.forge.said)
    assert isinstance(hands, SandboxHands)
    world = hands.world.world
    return len(hands.world.go(world.request("GET", f"/repos/{REPO}/issues/{number}/comments")).json())
