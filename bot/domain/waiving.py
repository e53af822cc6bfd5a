"""Waivers: a role lets one gate of one change pass. Which gates, for how long, and what ends it. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.domain.by_hand import manual_intent
from bot.domain.change import Change, Waiver
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from bot.errors import Reason, Refused

ROLE = "waive"
LIFTED = {
    "freeze": "`/slackops unfreeze ENV` lifts a freeze.",
    "ban": "`/slackops unban MODEL VERSION --reason TEXT` lifts a ban.",
    "window": "It merges by itself when the window opens; the policy's `windows` say when.",
    "ladder": "Resume or abort the ladder on the card of its last step.",
    "break-glass": "A second person reviews what broke the glass: `I reviewed it` on its card.",
    "version": "Register the version in the registry.",
}
"""What lets through what nobody waives, by the name of the gate."""
MOST_NAMED = 8
_DOES = {GateState.PASS: "passes", GateState.SKIPPED: "is skipped"}


def digest_of(change: Change) -> str:
    """What a waiver is bound to: the meaning of the whole, also where ``change`` is a part of it."""
    return manual_intent(change.moves).digest if change.by_hand and change.moves else change.intent.digest


def prefix_of(change: Change) -> str:
    """What stands before the names of the gates of one part of a change by hand that moves several targets."""
    several = change.by_hand and len(change.moves) > 1
    return f"{change.intent.model} {change.intent.environment} " if several else ""


def in_force(waivers: Sequence[Waiver], digest: str) -> tuple[Waiver, ...]:
    """Those that nobody withdrew, of a change that still means the same."""
    return tuple(one for one in waivers if one.withdrawn_by is None and one.digest == digest)


def with_waivers(
    results: Sequence[GateResult], waivers: Sequence[Waiver], digest: str, prefix: str = "", *, by_anybody: bool = True
) -> tuple[GateResult, ...]:
    """The results of the policy's own gates, each with the waiver that holds for it. One that passes needs none; one
    that asks for something else by now is another gate. ``by_anybody``: whether anybody is in the role."""
    live = in_force(waivers, digest)
    return tuple(_waived(replace(one, waivable=by_anybody), live, prefix) for one in results)


def _waived(result: GateResult, live: Sequence[Waiver], prefix: str) -> GateResult:
    if not result.holds_up:
        return result
    about = (f"{prefix}{result.name}", result.asks)
    found = next((one for one in live if (one.gate, one.asks) == about), None)
    return result if found is None else replace(result, waived=f"by {found.by.user}: {found.reason}", waiver=found)


def waivable(results: Sequence[GateResult]) -> tuple[GateResult, ...]:
    """The gates that hold it up now, and that the role may waive."""
    return tuple(one for one in results if one.waivable and one.holds_up)


def gate_named(results: Sequence[GateResult], name: str) -> GateResult:
    """The gate of this name. Raises Refused(UNKNOWN_GATE), with those that could be meant."""
    same = [one for one in results if one.name == name] or [
        one for one in results if one.name.casefold() == name.casefold()
    ]
    if same:
        return max(same, key=lambda one: (one.waivable, one.holds_up))
    near = difflib.get_close_matches(name, [one.name for one in results], n=1)
    open_ = [f"`{one.name}`" for one in waivable(results)]
    names = ", ".join(open_[:MOST_NAMED]) + (f" and {len(open_) - MOST_NAMED} more" if len(open_) > MOST_NAMED else "")
    hint = f"Did you mean `{near[0]}`? " if near else ""
    rest = f"What can be waived: {names}." if names else "No gate of it can be waived now."
    raise Refused(Reason.UNKNOWN_GATE, f"No gate {name[:80]!a} judges this change.", f"{hint}{rest}")


def refuse_unwaivable(gate: GateResult) -> None:
    """Raises Refused(NOT_WAIVABLE | ALREADY_DECIDED) for a gate that is none of the policy's own, that holds nothing
    up, or that is waived already."""
    if gate.waived:
        why = f": {gate.waiver.reason.rstrip('.')}" if gate.waiver else ""
        unblock = "Nothing to do. The card shows by whom; `--withdraw` takes a waiver back."
        raise Refused(Reason.ALREADY_DECIDED, f"{gate.name} is waived already{why}.", unblock)
    if not gate.waivable:
        unblock = LIFTED.get(gate.name.rpartition(" ")[2], "What lets it through stands on the card.")
        raise Refused(Reason.NOT_WAIVABLE, f"{gate.name} is none of the quality gates that a role may waive.", unblock)
    if not gate.holds_up:
        does = _DOES.get(gate.state, "only informs")
        raise Refused(Reason.NOT_WAIVABLE, f"{gate.name} {does}, so it holds nothing up.", "Nothing to do.")


def new_waiver(
    gate: GateResult, by: Person, reason: str, at: float, digest: str, id_: str, *, own: bool = False
) -> Waiver:
    """The waiver of this gate, as it stands now. ``at`` in seconds since the epoch."""
    return Waiver(gate.name, by, reason, at, digest, gate.required, gate.observed, id=id_, rule=gate.asks, own=own)


def given(change: Change, waiver: Waiver, known: Collection[str] = ()) -> Change:
    """The change with the waiver. The same one a second time changes nothing. ``known`` are the ids of the waivers that
    were there when it was judged. Raises Refused(ALREADY_DECIDED | CHANGE_MOVED) where somebody was faster."""
    if waiver.id in {one.id for one in change.waivers}:
        return change
    if change.state.final:
        raise Refused(Reason.ALREADY_DECIDED, f"#{change.number} is {change.state.value} already.", "See the card.")
    if change.intent.digest != waiver.digest:
        raise Refused(Reason.CHANGE_MOVED, "The change means something else by now.", "Look at the card again.")
    about = (waiver.gate, waiver.asks)
    since = (one for one in in_force(change.waivers, waiver.digest) if one.id not in known)
    if any((one.gate, one.asks) == about for one in since):
        raise Refused(Reason.ALREADY_DECIDED, f"{waiver.gate} is waived already.", "The card shows by whom.")
    return replace(change, waivers=(*change.waivers, waiver))


def standing_of(change: Change, gate: str) -> tuple[Waiver, ...]:
    """The waivers of this gate that could be withdrawn. Raises Refused(NOT_WAIVED) where there is none."""
    found = tuple(one for one in in_force(change.waivers, change.intent.digest) if one.gate == gate)
    if found:
        return found
    names = ", ".join(dict.fromkeys(f"`{one.gate}`" for one in in_force(change.waivers, change.intent.digest)))
    unblock = f"Waived: {names}." if names else "Nothing of it is waived now."
    raise Refused(Reason.NOT_WAIVED, f"{gate[:80]!a} is not waived.", unblock)


def withdrawn(change: Change, by: Person, ids: Collection[str]) -> Change:
    """The change with these waivers taken back, and none that came since; they stay on the record. After the end
    nothing changes."""
    if change.state.final:
        return change
    live = {one.id for one in in_force(change.waivers, change.intent.digest)}.intersection(ids)
    kept = tuple(replace(one, withdrawn_by=by) if one.id in live else one for one in change.waivers)
    return replace(change, waivers=kept)
