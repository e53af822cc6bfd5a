"""What was decided and done, as rows of a chain: each row's hash covers the row and the hash before it.

A row that is edited, deleted, put in, or moved breaks the chain; a tail that was cut is told by the head that stands
in the branch `slackops-state`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import rfc8785

GENESIS = "0" * 64
"""What stands for the hash before the first row."""


@dataclass(frozen=True)
class AuditEntry:
    """One decision or effect. ``key`` names it, so that it is told once however often it is tried again.

    ``what`` is the deed: proposed, approved, merged, refused, frozen …; ``by`` who did it (`slack:T1/U1`,
    `github:login`, `policy`, `slackops`), ``login`` as which account of the forge; ``at`` in seconds since the epoch;
    ``outcome`` is done, refused or failed; ``evidence`` is what was shown or known at that moment, as JSON values.
    """

    key: str
    what: str
    at: float
    by: str
    login: str | None = None
    change: str | None = None
    number: int | None = None
    model: str | None = None
    environment: str | None = None
    version: str | None = None
    digest: str | None = None
    why: str | None = None
    outcome: str = "done"
    evidence: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class AuditRow:
    """An entry with its place in the chain: ``seq`` counts from 1, ``before`` is the hash of the row before."""

    seq: int
    before: str
    hash: str
    entry: AuditEntry


@dataclass(frozen=True)
class AuditHead:
    """The end of the chain: how many rows there are, and the hash of the last."""

    seq: int = 0
    hash: str = GENESIS


def chain_hash(seq: int, before: str, entry: AuditEntry) -> str:
    """SHA-256 over the RFC 8785 JSON of the row, lower-case hex."""
    return hashlib.sha256(rfc8785.dumps({"v": 1, "seq": seq, "before": before, "entry": asdict(entry)})).hexdigest()


def chained(head: AuditHead, entry: AuditEntry) -> AuditRow:
    """The row that the entry becomes at this end of the chain."""
    return AuditRow(head.seq + 1, head.hash, chain_hash(head.seq + 1, head.hash, entry), entry)
