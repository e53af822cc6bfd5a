"""Is the chain whole? Rows and anchored heads in, what is wrong out. Memory does not grow with the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.audit import GENESIS, AuditHead, AuditRow, chain_hash
from bot.domain.audit_anchor import Anchor
from bot.domain.stops import moment

SHOWN = 50  # faults that are named one by one; the rest is counted


@dataclass(frozen=True)
class Fault:
    """Something is wrong at a row. ``seq`` counts from 1."""

    seq: int
    text: str


@dataclass(frozen=True)
class Verdict:
    """``rows`` were read, ``head`` is the last of them; ``more`` faults are not named."""

    rows: int
    head: AuditHead
    faults: tuple[Fault, ...]
    more: int = 0

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return not self.faults


def verify(rows: Iterable[AuditRow], anchors: Iterable[Anchor] = ()) -> Verdict:
    """Follow the chain from its first row, and hold it against the heads that were anchored.

    ``rows`` come in the order of their ``seq``. A cut tail, an edit, a deletion, an insertion, a swap, and a chain that
    was written anew behind an anchored head are all found; what was written anew after the last anchor is not.
    """
    chain = _Chain(tuple(anchors))
    faults, more = list[Fault](), 0
    for fault in chain.follow(rows):
        if len(faults) < SHOWN:
            faults.append(fault)
        else:
            more += 1
    return Verdict(chain.rows, chain.head, tuple(faults), more)


class _Chain:
    def __init__(self, anchors: tuple[Anchor, ...]) -> None:
        self.head, self.rows = AuditHead(), 0
        self._anchors: dict[int, list[Anchor]] = {}
        for anchor in anchors:
            self._anchors.setdefault(anchor.head.seq, []).append(anchor)

    def follow(self, rows: Iterable[AuditRow]) -> Iterator[Fault]:
        for row in rows:
            yield from self._placed(row)
            yield from self._true(row)
            yield from self._anchored(row)
            self.head, self.rows = AuditHead(max(row.seq, self.head.seq), row.hash), self.rows + 1
        yield from self._cut()

    def _placed(self, row: AuditRow) -> Iterator[Fault]:
        """Gaps, and rows that do not follow the one before them."""
        expected = self.head.seq + 1
        if row.seq > expected:
            rows = f"row {expected} is" if row.seq == expected + 1 else f"rows {expected} to {row.seq - 1} are"
            yield Fault(expected, f"{rows} missing")
        elif row.seq < expected:
            yield Fault(row.seq, f"row {row.seq} stands after row {self.head.seq}")
        if row.before != self.head.hash:
            after = f"row {self.head.seq}" if self.head.hash != GENESIS else "the beginning"
            yield Fault(row.seq, f"row {row.seq} does not follow {after} as it stands there")

    def _true(self, row: AuditRow) -> Iterator[Fault]:
        """What the row says is not what its hash says."""
        if row.fault:
            yield Fault(row.seq, f"row {row.seq} was edited: {row.fault}")
        elif chain_hash(row.seq, row.before, row.entry) != row.hash:
            yield Fault(row.seq, f"row {row.seq} was edited: its hash does not fit")

    def _anchored(self, row: AuditRow) -> Iterator[Fault]:
        for anchor in self._anchors.pop(row.seq, ()):
            if anchor.head.hash != row.hash:
                yield Fault(row.seq, f"row {row.seq} is not the one that was anchored on {moment(anchor.at)}")

    def _cut(self) -> Iterator[Fault]:
        """Anchored heads that no row was met for: one that lies behind the end is a row that is missing anyway."""
        for seq in sorted(self._anchors):
            when, end = moment(self._anchors[seq][0].at), self.head.seq
            if seq > end:
                yield Fault(end + 1, f"the tail is cut: row {seq} was anchored on {when}, and the chain ends at {end}")
