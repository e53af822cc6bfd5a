"""The head of the audit chain as it stands in the branch `slackops-state`: what a cut or rewritten chain is told by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.domain.audit import AuditHead
from bot.domain.state_files import Part, When, read_file, time_text, write_file

AUDIT = "audit.json"


@dataclass(frozen=True)
class Anchor:
    """An end that the chain had at this time, in seconds since the epoch."""

    head: AuditHead
    at: float


class _Anchor(Part):
    version: Literal[1]
    seq: Annotated[int, Field(ge=1)]
    hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    at: When


def parse_anchor(data: bytes | None) -> Anchor | None:
    """The anchor; None where there is no file. Raises BrokenState."""
    if data is None:
        return None
    found = read_file(_Anchor, data, AUDIT)
    return Anchor(AuditHead(found.seq, found.hash), found.at.timestamp())


def format_anchor(anchor: Anchor) -> bytes:
    """The file."""
    head = anchor.head
    return write_file({"version": 1, "seq": head.seq, "hash": head.hash, "at": time_text(anchor.at)})
