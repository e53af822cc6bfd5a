"""`/slackops waive` and the form behind a card: let one gate of an open change pass, or take that back."""

from __future__ import annotations

from bot.domain.by_hand import parts
from bot.domain.change import Change
from bot.domain.commands import WaiveGate
from bot.domain.decide import not_allowed
from bot.domain.gates import GateResult
from bot.domain.people import Person
from bot.domain.snapshot import Snapshot
from bot.domain.waiving import (
    ROLE,
    gate_named,
    given,
    new_waiver,
    prefix_of,
    refuse_unwaivable,
    standing_of,
    waivable,
    withdrawn,
)
from bot.domain.wording import step
from bot.errors import Reason, Refused
from bot.ports import Row
from bot.usecases.audited import entry
from bot.usecases.context import Context
from bot.usecases.identity import allowed, askers_of, with_editors
from bot.usecases.observe import snapshot
from bot.usecases.reconcile import ask_reconcile
from bot.usecases.repo import Repo
from bot.usecases.review import open_change
from bot.usecases.tell import receipt
from bot.usecases.waiving_roles import is_theirs

WAIVED, WITHDRAWN = "waived", "waiver withdrawn"


def waive_gate(ctx: Context, repo: Repo, row: Row, command: WaiveGate) -> None:
    """Carry out the command. Raises Refused(UNKNOWN_CHANGE | ALREADY_DECIDED | BAD_USAGE | CHANGE_MOVED | UNKNOWN_GATE
    | NOT_WAIVABLE | NOT_WAIVED | NOT_ALLOWED | OWN_CHANGE)."""
    ctx.checkout.fetch()
    change = named_change(ctx, command.change)
    if not _done(ctx, row, change):
        change = open_change(ctx, change.id if change else command.change)
        deed = _withdraw if command.withdraw else _give
        deed(ctx, repo, row, command, change)
    assert change is not None
    ask_reconcile(ctx, row, change.number or 0)


def named_change(ctx: Context, named: str) -> Change | None:
    """By its id, or by the number of its pull request: `#7`."""
    number = named.removeprefix("#")
    if number.isascii() and number.isdecimal() and len(number) < 12:
        return ctx.changes.by_number(int(number))
    return ctx.changes.get(named)


def _done(ctx: Context, row: Row, change: Change | None) -> bool:
    """An earlier run of this row was cut off after the record was written."""
    return change is not None and any(one.entry.key == _key(row) for one in ctx.audit.of_change(change.id))


def _key(row: Row) -> str:
    return f"waive:{row.id}"


def _give(ctx: Context, repo: Repo, row: Row, command: WaiveGate, change: Change) -> None:
    reason = (command.reason or "").strip()
    if not reason:
        raise Refused(Reason.BAD_USAGE, "A gate is waived with a reason.", "Add `--reason TEXT`.")
    seen = judged(ctx, repo, change)
    _unmoved(seen, command)
    gate = gate_named(seen.gates, command.gate)
    refuse_others(ctx, repo, seen, gate, command.by)
    refuse_unwaivable(gate)
    refuse_askers(ctx, seen, command.by)
    waiver = new_waiver(
        gate, command.by, reason, row.created_at, change.intent.digest, row.id, own=_nobody_approves(seen)
    )
    facts = {"gate": gate.name, "state": gate.state.value, "observed": gate.observed, "required": gate.required}
    told = entry(ctx, _key(row), WAIVED, command.by, change, why=reason, evidence=facts)
    known = {one.id for one in change.waivers}
    ctx.changes.update(change.id, lambda c: given(c, waiver, known), told)
    receipt(ctx, command.by, command.origin, f"Waived {gate.name}: {step(change.intent)} (#{change.number}).")


def judged(ctx: Context, repo: Repo, change: Change) -> Snapshot:
    """The change and its gates as they are now. Raises Refused where they cannot be judged."""
    seen = snapshot(ctx, repo, change, ctx.forge.pull(change.number or 0))
    if not seen.judged:
        message = f"The gates of #{change.number} cannot be judged now: {seen.problem}"
        raise Refused(Reason.UNKNOWN_GATE, message, "Mend that first; a waiver is for a gate that was judged.")
    return seen


def _unmoved(seen: Snapshot, command: WaiveGate) -> None:
    """Raises Refused(CHANGE_MOVED) where it is not what the person saw, or is about to be rendered anew."""
    digest = seen.change.intent.digest
    if command.digest not in ("", digest) or (seen.today is not None and seen.today.digest != digest):
        raise Refused(
            Reason.CHANGE_MOVED, "The change has moved since the card that you looked at.", "Look at the card again."
        )


def refuse_others(ctx: Context, repo: Repo, seen: Snapshot, gate: GateResult | None, by: Person) -> None:
    """Raises Refused(NOT_ALLOWED) for somebody who is not in the role there."""
    if not _in_role(ctx, repo, seen, gate, by):
        raise not_allowed(ROLE).error()


def refuse_askers(ctx: Context, seen: Snapshot, by: Person) -> None:
    """Raises Refused(OWN_CHANGE) for somebody who asked for the change or wrote to its branch: whoever wants it in does
    not say alone that a gate is of no account. Where nobody's approval is needed either, they may."""
    if _nobody_approves(seen):
        return
    askers = with_editors(ctx, askers_of(ctx, seen.change), seen.change, seen.pull)
    if is_theirs(ctx, askers, by):
        raise Refused(
            Reason.OWN_CHANGE,
            f"You asked for #{seen.pull.number} or wrote to it, so you cannot waive its gates now.",
            "Ask somebody else in the role `waive`. A waiver of your own goes only with the request that opens a "
            "change, before anybody approves: `/promote … --waive GATE --reason TEXT`.",
        )


def _nobody_approves(seen: Snapshot) -> bool:
    return seen.tally.required == 0 and not seen.tally.missing


def _in_role(ctx: Context, repo: Repo, seen: Snapshot, gate: GateResult | None, by: Person) -> bool:
    """In every environment that the part of it moves which the gate judges; without a gate: some part of it."""
    source = repo.back if seen.change.swift else repo
    policy = source.policy(ctx.checkout.head())
    mine = [one for one in parts(seen.change) if gate is None or gate.name.startswith(prefix_of(one))]
    ways = [allowed(ctx, policy, by, ROLE, (one.intent.environment, *seen.also), one.intent.model) for one in mine]
    return any(ways) if gate is None else bool(ways) and all(ways)


def _withdraw(ctx: Context, repo: Repo, row: Row, command: WaiveGate, change: Change) -> None:
    """By whoever gave it, or by anybody in the role."""
    live = standing_of(change, command.gate)
    if any(one.by != command.by for one in live):
        seen = judged(ctx, repo, change)
        gate = next((one for one in seen.gates if one.name == command.gate), None)
        refuse_others(ctx, repo, seen, gate, command.by)
    facts = {"gate": command.gate, "given_by": [str(one.by) for one in live]}
    told = entry(ctx, _key(row), WITHDRAWN, command.by, change, why=command.reason, evidence=facts)
    ctx.changes.update(change.id, lambda c: withdrawn(c, command.by, {one.id for one in live}), told)
    what = f"{step(change.intent)} (#{change.number})"
    receipt(ctx, command.by, command.origin, f"The waiver of {command.gate} is taken back: {what}.")


def waivable_now(ctx: Context, repo: Repo, change: Change, by: Person) -> tuple[Snapshot, tuple[GateResult, ...]]:
    """For the form: the gates that this person may waive. Raises Refused, also where there is none."""
    seen = judged(ctx, repo, change)
    refuse_others(ctx, repo, seen, None, by)
    refuse_askers(ctx, seen, by)
    gates = waivable(seen.gates)
    if not gates:
        raise Refused(Reason.NOT_WAIVABLE, f"Nothing of #{change.number} waits for a gate that can be waived.", None)
    return seen, gates
