"""Once a day the head of the audit chain is committed to `slackops-state`: who edits the database does not reach it."""

from __future__ import annotations

from bot.domain.audit import AuditHead
from bot.domain.audit_anchor import AUDIT, Anchor, format_anchor, parse_anchor
from bot.domain.state_files import BRANCH, BrokenState
from bot.errors import Fatal
from bot.ports import Audit, Row
from bot.usecases.context import Context
from bot.usecases.state_branch import commit_state


def anchor_audit(ctx: Context, row: Row) -> None:
    """Write the head down, unless it stands there already. Raises Fatal where the chain does not hold the head that
    stands there: an anchor is never put back, for it may be all that tells of what was cut."""
    head = ctx.audit.head()
    if head.seq == 0:
        return

    def edit(old: bytes | None) -> bytes | None:
        before = _read(old)
        if before is not None and before.head == head:
            return None
        if before is not None and not holds(ctx.audit, before.head):
            raise Fatal(
                f"the audit chain does not hold row {before.head.seq} as {BRANCH} has it: `slackops audit verify`"
            )
        return format_anchor(Anchor(head, row.created_at))

    commit_state(ctx, row, AUDIT, edit, f"Anchor the audit chain at row {head.seq}")


def holds(audit: Audit, head: AuditHead) -> bool:
    """Whether the chain has this very row."""
    found = next(iter(audit.rows(after=head.seq - 1)), None)
    return found is not None and (found.seq, found.hash) == (head.seq, head.hash)


def _read(data: bytes | None) -> Anchor | None:
    """Raises Fatal: what cannot be read is not written over."""
    try:
        return parse_anchor(data)
    except BrokenState as why:
        raise Fatal(f"{why} (branch {BRANCH}); mend the file, or take it back to the commit before") from None
