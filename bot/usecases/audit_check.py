"""The audit chain against every head of it that was ever committed to `slackops-state`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.audit import AuditHead
from bot.domain.audit_anchor import AUDIT, Anchor, parse_anchor
from bot.domain.audit_verify import Fault, Verdict, verify
from bot.domain.state_files import BRANCH, BrokenState
from bot.domain.stops import moment
from bot.errors import SlackOpsError
from bot.ports import Audit, Checkout
from bot.usecases.history_pages import entries_of

LATE = 2 * 86_400.0  # seconds after its first row by which a chain must have been anchored: it is done daily
DEPTH = 100_000
EVERY = -(2**62)  # a row that was put in below the first is read too


@dataclass(frozen=True)
class Anchors:
    """What the branch says. ``faults``: what of it cannot be read, so that nobody knows."""

    known: tuple[Anchor, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """``faults`` are those of the branch, beside those of the chain."""

    verdict: Verdict
    anchors: Anchors
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Nothing is wrong, and everything could be read."""
        return self.verdict.whole and not self.faults


def check_audit(audit: Audit, checkout: Checkout, now: float) -> Checked:
    """Read all of both. Raises StoreUnavailable. A branch that cannot be read is a fault, and no pass."""
    anchors = _anchors(checkout)
    verdict = verify(audit.rows(after=EVERY), anchors.known)
    return Checked(verdict, anchors, (*anchors.faults, *_unanchored(audit, anchors, now)))


def _anchors(checkout: Checkout) -> Anchors:
    """As of now; where the Git server does not answer, as the mirror had them, and a fault that says so."""
    away: tuple[str, ...] = ()
    try:
        checkout.fetch()
    except SlackOpsError as why:
        away = (f"the branch {BRANCH} cannot be read as it is now, so a cut tail may not be seen: {why}",)
    try:
        found = read_anchors(checkout)
    except SlackOpsError as why:
        found = Anchors(faults=(f"the branch {BRANCH} cannot be read: {why}",))
    return Anchors(found.known, (*away, *found.faults))


def read_anchors(checkout: Checkout) -> Anchors:
    """The newest head and every older one, as of the last fetch. Raises ForgeUnavailable."""
    head = checkout.ref(BRANCH)
    if head is None:
        return Anchors()
    known, faults = dict[AuditHead, Anchor](), list[str]()
    for commit, data in _files(checkout, head):
        try:
            anchor = parse_anchor(data)
        except BrokenState as why:
            faults.append(f"{why} (branch {BRANCH}, commit {commit[:10]})")
            continue
        if anchor is not None:
            known.setdefault(anchor.head, anchor)
    return Anchors(tuple(known.values()), tuple(faults))


def _files(checkout: Checkout, head: str) -> Iterator[tuple[str, bytes]]:
    for entry in entries_of(checkout, head, [AUDIT], DEPTH, page=200):
        blob = entry.blobs.get(AUDIT)
        data = checkout.contents([blob]).get(blob) if blob else None
        if data is not None:
            yield entry.commit, data


def _unanchored(audit: Audit, anchors: Anchors, now: float) -> Iterator[str]:
    """A chain that is older than a few anchors would be, and has none, lost them."""
    first = next(iter(audit.rows()), None)
    if first and not anchors.known and not anchors.faults and now - first.entry.at > LATE:
        yield f"no head stands in {BRANCH}, though the chain began on {moment(first.entry.at)}: a cut tail is not seen"


def named(checked: Checked) -> tuple[Fault, ...]:
    """Every fault that is named, those of the branch first, at row 0."""
    verdict = checked.verdict
    rest = (Fault(verdict.head.seq, f"and {verdict.more} more"),) if verdict.more else ()
    return (*(Fault(0, text) for text in checked.faults), *verdict.faults, *rest)
