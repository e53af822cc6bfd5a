"""A pull request that people made themselves and that moves bound values: one change, whatever it moves. Pure.

It stands under the rules of every target that it moves at once: it is looked at once for each, as if it moved only that
one, and what was seen is put together: all the gates, and the approvals that are furthest from complete.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.approvals import Tally
from bot.domain.change import Action, Change, ChangeState, Edit, Intent, Move, Remark
from bot.domain.facts import ModelVersion, Pull
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from bot.domain.policy import CheckGate, Gate
from bot.domain.snapshot import Snapshot
from bot.domain.windows import clear_at, opening
from bot.domain.wording import versions

REMOVED = "(removed)"
"""What a target says of which no file is left."""
COMPARED = 3
"""So many of the targets that a pull request moves are laid beside what is deployed, the last ones."""


def hand_id(number: int) -> str:
    """The id of the record of a pull request by hand: there is one for each, however often it is found."""
    return f"HAND{number:022d}"


def manual_intent(moves: Sequence[Move]) -> Intent:
    """All of it as one intent, named after the last move; its digest covers every value that moves, old and new. There
    must be at least one move; they stand in promotion order."""
    last = moves[-1]
    every = {(edit.file, edit.selector): edit for move in moves for edit in move.edits}
    return _intent(last, tuple(every[key] for key in sorted(every)))


def part_of(move: Move) -> Intent:
    """What it does to one of its targets."""
    return _intent(move, move.edits)


def _intent(move: Move, edits: tuple[Edit, ...]) -> Intent:
    return Intent(Action.MANUAL, move.model, move.environment, move.frm, move.to, None, edits)


def is_compared(change: Change) -> bool:
    """Whether this part is among those that are laid beside what is deployed: a pull request may move hundreds."""
    return change.intent in [part_of(move) for move in change.moves[-COMPARED:]] if change.moves else True


def parts(change: Change) -> tuple[Change, ...]:
    """The change as each of its targets sees it; any other change is its own only part."""
    if not change.by_hand or not change.moves:
        return (change,)
    return tuple(replace(change, intent=part_of(move)) for move in change.moves)


def new_record(pull: Pull, moves: tuple[Move, ...], base: str, author: Person | None, now: float) -> Change:
    """The record of a pull request by hand. Who it is asked by is its author: by the account, and by the person who
    linked it, if anybody did."""
    return Change(
        id=hand_id(pull.number),
        intent=manual_intent(moves),
        requesters=(author,) if author else (),
        reason=None,
        created_at=now,
        base=base,
        branch=pull.head_ref,
        state=ChangeState.BY_HAND,
        number=pull.number,
        url=pull.url,
        head=pull.head,
        logins=(pull.author,),
        accounts=(pull.author_account,) if pull.author_account else (),
        unlinked=author is None,
        why=words_of(pull.author, moves),
        by_hand=True,
        moves=moves,
    )


def words_of(login: str, moves: Sequence[Move]) -> tuple[str, ...]:
    """What the card tells of it besides: who made it, and what else it moves."""
    others = "; ".join(move_words(move) for move in moves[:-1])
    return (f"Opened by @{login}, by hand.", *((f"It moves as well: {others}.",) if others else ()))


def move_words(move: Move) -> str:
    """`churn 16→17, production`."""
    return f"{move.model} {versions(move.frm, move.to)}, {move.environment}"


def meaning(moves: Sequence[Move]) -> tuple[object, ...]:
    """What moves mean, for comparing: the lines that values stand on are no part of it."""
    return tuple(replace(move, edits=tuple(replace(edit, line=0) for edit in move.edits), problem="") for move in moves)


def judged_again(change: Change, pull: Pull, moves: tuple[Move, ...], base: str) -> Change:
    """The record after a push to the branch, or after it was opened again. What means something else has a remark."""
    if not moves:
        return replace(change, head=pull.head, base=base, moves=(), state=ChangeState.OBSOLETE)
    same = meaning(moves) == meaning(change.moves)
    kept = change.remarks if same else (*change.remarks, _moved(pull, moves))
    return replace(
        change,
        intent=manual_intent(moves),
        head=pull.head,
        base=base,
        moves=moves,
        state=ChangeState.BY_HAND,
        remarks=kept,
        why=words_of(pull.author, moves),
    )


def _moved(pull: Pull, moves: Sequence[Move]) -> Remark:
    what = "; ".join(move_words(move) for move in moves)
    text = f"What it moves has changed: {what}. Earlier approvals no longer count."
    return Remark(f"moved:{pull.head}", text)


def problem_of(moves: Sequence[Move]) -> str:
    """Why what it would leave behind cannot be taken; empty where it can."""
    return next((move.problem for move in moves if move.problem), "")


def gates_by_hand(change: Change, gates: Sequence[Gate]) -> tuple[Gate, ...]:
    """A version that comes in passes every gate; what is taken out has none that could be measured."""
    return tuple(gate for gate in gates if change.intent.to != REMOVED or isinstance(gate, CheckGate))


def version_gates(change: Change, candidate: ModelVersion | None) -> tuple[GateResult, ...]:
    """What a promotion is refused for at once: that the registry does not have the version."""
    if not change.by_hand or candidate is not None or change.intent.to == REMOVED:
        return ()
    observed = f"the registry does not tell of {change.intent.model} {change.intent.to}"
    return (GateResult("version", GateState.UNKNOWN, observed, "a registered version"),)


def joined(change: Change, seen: Sequence[Snapshot]) -> Snapshot:
    """The snapshot of the whole, out of those of its parts."""
    if not change.by_hand:
        return seen[0]
    last, several = seen[-1], len(seen) > 1
    gates = (_named(gate, one) if several else gate for one in seen for gate in one.gates)
    return replace(
        last,
        change=change,
        today=change.intent if all(one.today is not None for one in seen) else None,
        problem=next((one.problem for one in seen if one.problem), ""),
        gates=tuple(dict.fromkeys(gates)),
        tally=strictest_tally([one.tally for one in seen]),
        auto_merge=False,
        also_compared=tuple(one.comparison for one in seen[:-1] if one.comparison),
        notify_blocked=tuple(dict.fromkeys(ref for one in seen for ref in one.notify_blocked)),
        approvers=tuple(dict.fromkeys(ref for one in seen for ref in one.approvers)),
        also=tuple(dict.fromkeys(name for one in seen for name in one.also if not _moves(change, name))),
        judged=all(one.judged for one in seen),
        owners_missing=tuple(dict.fromkeys(owners for one in seen for owners in one.owners_missing)),
        **_times(seen, last.now),
    )


def _times(seen: Sequence[Snapshot], now: float) -> dict[str, Any]:
    """By the windows of all of them at once: two may each open today, and never together."""
    rules = tuple(dict.fromkeys(rule for one in seen for rule in one.windows))
    stands = opening(rules, now)
    return {
        "clear_at": clear_at(rules, [gate for one in seen for gate in one.gates], now),
        "closes_at": stands.changes if stands.open else None,
        "windows": rules,
        "reminding": min((one.reminding for one in seen), key=lambda rule: rule.remind or math.inf),
    }


def _named(gate: GateResult, seen: Snapshot) -> GateResult:
    intent = seen.change.intent
    return replace(gate, name=f"{intent.model} {intent.environment} {gate.name}")


def _moves(change: Change, environment: str) -> bool:
    return any(move.environment == environment for move in change.moves)


def strictest_tally(tallies: Sequence[Tally]) -> Tally:
    """The one that is furthest from complete; whoever objects to a part objects to the whole."""
    worst = max(tallies, key=lambda one: (not one.complete, one.required - one.approvals, one.required))
    objections = tuple(dict.fromkeys(login for one in tallies for login in one.objections))
    return replace(worst, objections=objections)
