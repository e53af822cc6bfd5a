"""Which reviews began or ceased to count since the chain told of them last. Facts in, what is new out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.audit import AuditRow
from bot.domain.audit_evidence import review_evidence
from bot.domain.cards import ReviewLine

COUNTS, COUNTS_NOT = "review_counts", "review_counts_not"


@dataclass(frozen=True)
class ReviewNews:
    """An account's last word is another now, or counts otherwise. ``turn`` counts this account's rows from 0; ``own``:
    the account itself said something new."""

    login: str
    turn: int
    what: str
    own: bool
    evidence: Mapping[str, Any]


def review_news(lines: Iterable[ReviewLine], told: Iterable[AuditRow]) -> Iterator[ReviewNews]:
    """What the chain does not say yet. ``told`` are the change's rows, in order. What never counted is told too: an
    auditor asks about the approval that did not count."""
    last, turns = dict[str, Mapping[str, Any]](), dict[str, int]()
    for row in told:
        if row.entry.what in (COUNTS, COUNTS_NOT):
            login = str(row.entry.evidence.get("login"))
            last[login], turns[login] = row.entry.evidence, turns.get(login, 0) + 1
    now = {line.login: review_evidence(line) for line in lines}
    for login, said in now.items():
        before = last.get(login)
        if before is None or _known(before) != _known(said):
            own = before is None or (before.get("review"), before.get("verdict")) != (said["review"], said["verdict"])
            yield ReviewNews(login, turns.get(login, 0), COUNTS if said["counts"] else COUNTS_NOT, own, said)
    for login in last.keys() - now.keys():
        if last[login].get("counts"):
            gone = {**last[login], "counts": False, "why": "is not on the pull request any more"}
            yield ReviewNews(login, turns[login], COUNTS_NOT, own=False, evidence=gone)


def _known(said: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(said.get(name) for name in ("review", "verdict", "counts", "why"))
