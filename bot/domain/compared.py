"""Two commits of a repository beside each other, as the forge tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ComparedCommit:
    """One commit between the two; ``subject`` is the first line of its message."""

    sha: str
    subject: str
    author: str
    login: str = ""
    """The author's account; "" where the forge knows none, so that ``author`` is what the commit says of itself."""


@dataclass(frozen=True)
class Compared:
    """How ``head`` stands to ``base`` (https://docs.github.com/en/rest/commits/commits#compare-two-commits).

    ``behind`` or ``identical``: head is part of base. ``commits`` are those that head has and base has not, oldest
    first, at most the forge's first page; ``ahead`` counts them all.
    """

    base: str
    head: str
    status: Literal["ahead", "behind", "identical", "diverged"]
    ahead: int
    behind: int
    url: str
    commits: tuple[ComparedCommit, ...] = ()

    @property
    def contained(self) -> bool:
        """Everything of head is in base."""
        return self.status in ("behind", "identical")
