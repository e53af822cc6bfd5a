"""`/promote … --waive GATE --reason TEXT`: whoever asks waives with it, for every approval comes after that."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.audit import AuditEntry
from bot.domain.change import Change, Waiver
from bot.domain.commands import Promote, WaiveGate
from bot.domain.decide import not_allowed
from bot.domain.gates import GateResult
from bot.domain.policy import Policy
from bot.domain.waiving import ROLE, gate_named, new_waiver, refuse_unwaivable
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.identity import allowed


def asked_waivers(
    ctx: Context,
    policy: Policy,
    row: Row,
    command: object,
    digest: str,
    gates: Sequence[GateResult],
    places: Sequence[str],
) -> tuple[Waiver, ...]:
    """The waivers that the change begins with. A gate that lets it pass anyway needs none. ``places`` are all
    environments that it moves. Raises Refused(NOT_ALLOWED | BAD_USAGE | UNKNOWN_GATE | NOT_WAIVABLE)."""
    if not isinstance(command, Promote) or not command.waive:
        return ()
    reason = (command.reason or "").strip()
    if not reason:
        raise Refused(Reason.BAD_USAGE, "A gate is waived with a reason.", "Add `--reason TEXT`.")
    if not allowed(ctx, policy, command.by, ROLE, places, command.model):
        raise not_allowed(ROLE).error()
    found = dict.fromkeys(gate_named(gates, name) for name in command.waive)
    needed = [gate for gate in found if gate.holds_up or not gate.waivable]
    for gate in needed:
        refuse_unwaivable(gate)
    return tuple(
        new_waiver(gate, command.by, reason, row.created_at, digest, f"{row.id}:{place}", own=True)
        for place, gate in enumerate(needed)
    )


def waived_entries(ctx: Context, change: Change) -> list[AuditEntry]:
    """A row for each waiver that it begins with."""
    return [
        entry(
            ctx,
            f"waive:{one.id}",
            "waived",
            one.by,
            change,
            why=one.reason,
            evidence={"gate": one.gate, "observed": one.observed, "required": one.required},
        )
        for one in change.waivers
    ]


def asked_names(change: Change) -> tuple[str, ...]:
    """The gates that were waived as it was asked for. Its first commit names these alone, so that it is the same
    commit whenever it is made again."""
    return tuple(one.gate for one in change.waivers if one.id.startswith(f"{change.id}:"))


def waive_on_open(ctx: Context, row: Row, command: object, change_id: str, digest: str) -> None:
    """Where the change was open already, each of them is asked for by itself, under the rules of open changes."""
    if not isinstance(command, Promote):
        return
    for place, gate in enumerate(command.waive):
        ask = WaiveGate(
            by=command.by, origin=command.origin, change=change_id, gate=gate, reason=command.reason, digest=digest
        )
        ctx.inbox.put(f"{row.key}:waive:{place}", ask)
