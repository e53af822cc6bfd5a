"""What the fake forge knows besides pull requests and reviews: its merge queue, and comments with a mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.facts import MergeOutcome, MergeResult, QueueEntry
from bot.ports import NewCommit


class QueueAndComments:
    """``entries`` is None where the branch has no merge queue; ``said`` has the comments by pull request and mark."""

    checkout: Any
    entries: list[QueueEntry] | None = None
    said: dict[tuple[int, str], str]
    made: int = 0

    def queue(self) -> tuple[QueueEntry, ...] | None:
        self._answer()
        return None if self.entries is None else tuple(self.entries)

    def enqueue(self, number: int, head: str) -> MergeOutcome:
        """Put it into the queue, once."""
        assert self.entries is not None
        if number not in {entry.number for entry in self.entries}:
            self._write(f"queue {number}")
            self.entries.append(QueueEntry(number, head, len(self.entries) + 1, "QUEUED"))
        return MergeOutcome(MergeResult.QUEUED)

    def dequeue(self, number: int) -> None:
        self._answer()
        if number in {entry.number for entry in self.entries or ()}:
            self._write(f"dequeue {number}")
            self.entries = [entry for entry in self.entries or () if entry.number != number]

    def build(self, base: str = "") -> str:
        """The forge builds one group of everything in its queue; the commit at its head."""
        base = base or self.checkout.remote[self.checkout.default_branch]
        at, built = base, []
        for entry in self.entries or ():
            made = self.checkout.merge_commit(at, entry.head, (at,), f"Group up to #{entry.number}", "github")
            assert made is not None
            built.append(replace(entry, state="AWAITING_CHECKS", group=made, base=at))
            at = made
        self.entries = built
        return str(at)

    def make_commit(
        self, parents: tuple[str, ...], base_tree: str, files: Mapping[str, bytes], message: str
    ) -> tuple[str, str]:
        self._answer()
        tree_of = next(one for one, commit in self.checkout.commits.items() if commit.tree == base_tree)
        self._write("commit")
        self.made += 1
        made = self.checkout.commit(NewCommit(parents, tree_of, files, message, 1_900_000_000 + self.made))
        return made, self.checkout.tree(made)

    def point(self, branch: str, commit: str, *, new: bool) -> bool:
        self._answer()
        tip = self.checkout.remote.get(branch)
        if new != (tip is None) or (tip is not None and tip not in self.checkout.ancestors(commit)):
            return False
        self._write(f"point {branch}")
        self.checkout.remote[branch] = commit
        return True

    def commit_url(self, commit: str) -> str:
        return f"https://forge.example/commit/{commit}"

    def comment(self, number: int, mark: str, body: str) -> None:
        self._answer()
        if self.said.get((number, mark)) != body:
            self._write(f"comment {number}")
            self.said[number, mark] = body

    def _answer(self) -> None:
        raise NotImplementedError

    def _write(self, what: str) -> None:
        raise NotImplementedError
