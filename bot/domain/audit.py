"""What was decided and done, as rows of a chain: each row's hash covers the row and the hash before it.

A row that is edited, deleted, put in, or moved breaks the chain; a tail that was cut is told by the head that stands
in the branch `slackops-state`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
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
    """An entry with its place in the chain: ``seq`` counts from 1, ``before`` is the hash of the row before.

    ``fault`` is set where the stored row contradicts itself, so that no hash need be looked at.
    """

    seq: int
    before: str
    hash: str
    entry: AuditEntry
    fault: str = ""


@dataclass(frozen=True)
class AuditHead:
    """The end of the chain: how many rows there are, and the hash of the last."""

    seq: int = 0
    hash: str = GENESIS


def plain(entry: AuditEntry) -> dict[str, Any]:
    """The entry as JSON values. What is None is left out, so that a field that is added later changes no hash."""
    known = ((one.name, getattr(entry, one.name)) for one in fields(entry))
    return {name: _safe(value) for name, value in known if value is not None}


def _safe(value: Any) -> Any:
    """As RFC 8785 can write it and any reader gets it back: other numbers become texts, half characters are replaced.

    https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.3
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value).encode("utf-8", "replace").decode()
    if isinstance(value, int | float):
        return value if math.isfinite(value) and abs(value) < 2**53 else str(value)
    if isinstance(value, Mapping):
        return {_safe(str(key)): _safe(one) for key, one in value.items()}
    return [_safe(one) for one in value] if isinstance(value, Iterable) else _safe(str(value))


def column(text: str) -> str:
    """A name as any database holds it and finds it again: PostgreSQL takes no zero, and nothing takes half a
    character."""
    return str(_safe(text)).replace("\x00", "\ufffd")


def storable(entry: AuditEntry) -> AuditEntry:
    """The entry with such names: they stand in columns of their own, which say the same as the row's body."""
    told = entry.change and column(entry.change), entry.model and column(entry.model)
    return replace(entry, key=column(entry.key), what=column(entry.what), change=told[0], model=told[1])


def canonical(entry: AuditEntry) -> str:
    """The entry as RFC 8785 JSON: what is stored, and what the hash covers."""
    return rfc8785.dumps(plain(entry)).decode()


def chain_hash(seq: int, before: str, entry: AuditEntry) -> str:
    """SHA-256 over the RFC 8785 JSON of the row, lower-case hex."""
    return evidence_hash({"v": 1, "seq": seq, "before": before, "entry": plain(entry)})


def evidence_hash(evidence: Mapping[str, Any]) -> str:
    """SHA-256 over the RFC 8785 JSON of a document, lower-case hex."""
    return hashlib.sha256(rfc8785.dumps(_safe(evidence))).hexdigest()


def chained(head: AuditHead, entry: AuditEntry) -> AuditRow:
    """The row that the entry becomes at this end of the chain."""
    return AuditRow(head.seq + 1, head.hash, chain_hash(head.seq + 1, head.hash, entry), entry)
