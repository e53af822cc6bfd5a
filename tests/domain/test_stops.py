"""Freezes and bans: which change they concern, whether they hold it up, and what the card says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Stage
from bot.domain.change import Action, Change, ChangeState, Rung
from bot.domain.commit_statuses import gates_status
from bot.domain.decide import Deployed, Facts, Join, Propose, Refuse, decide
from bot.domain.gates import GateResult, GateState
from bot.domain.reconcile import reconcile
from bot.domain.reconcile_actions import Merge, Say
from bot.domain.snapshot import note, stage
from bot.domain.stop_edits import with_ban, with_freeze, without_ban, without_freeze
from bot.domain.stops import Banned, Frozen, Stops, offers, stop_gates, stoppable
from bot.errors import Reason, Refused
from tests.domain.facts import ANA, BEN, CHANGE, INTENT, review, seen, tallied, turned

NOW = 2_000.0
FREEZE = Frozen("production", None, ANA, 1_000.0, "01A", 3_000.0, "holidays", "ana")
BAN = Banned("fraud", "4", BEN, 1_000.0, "01B", "leaks labels")
BACK = turned(intent=replace(INTENT, action=Action.ROLLBACK))
SWIFT = turned(BACK, swift=True)
BEGIN = turned(intent=replace(INTENT, action=Action.STEP), rung=Rung("x", "blue-green", (0, 100), 0, 0))
ABORT = turned(intent=replace(INTENT, action=Action.STEP), rung=Rung("x", "kserve-serverless", (10, 100), 1, 0))


def gates(stops: Stops, change: Change = CHANGE, *environments: str, obey: bool = False) -> tuple[GateResult, ...]:
    return stop_gates(stops, stoppable(change, environments or ("production",), obey=obey), NOW)


@pytest.mark.parametrize(
    ("freeze", "environments", "held"),
    [
        (FREEZE, ("production",), True),
        (FREEZE, ("staging",), False),
        (FREEZE, ("staging", "production"), True),
        (FREEZE, ("production-eu", "production"), True),
        (replace(FREEZE, model="fraud"), ("production",), True),
        (replace(FREEZE, model="churn"), ("production",), False),
        (replace(FREEZE, until=None), ("production",), True),
        (replace(FREEZE, until=NOW + 0.1), ("production",), True),
        (replace(FREEZE, until=NOW), ("production",), False),
    ],
)
def test_which_change_a_freeze_holds(freeze: Frozen, environments: tuple[str, ...], held: bool) -> None:
    found = gates(Stops((freeze,)), CHANGE, *environments)
    assert [gate.holds_up for gate in found] == [True] * held
    assert all(gate.waits and gate.passes_at == freeze.until for gate in found)


@pytest.mark.parametrize(
    ("change", "obey", "blocks"),
    [
        (CHANGE, False, True),
        (BACK, False, True),
        (SWIFT, False, False),
        (SWIFT, True, True),
        (ABORT, True, False),
        (BEGIN, False, True),
    ],
    ids=["promote", "older-rollback", "swift", "swift-that-obeys", "abort", "first-rung"],
)
def test_who_obeys_a_freeze(change: Change, obey: bool, blocks: bool) -> None:
    (gate,) = gates(Stops((FREEZE,)), change, obey=obey)
    assert gate.holds_up is blocks


@pytest.mark.parametrize(
    ("change", "holds_up"),
    [(CHANGE, [True]), (BACK, [True]), (SWIFT, [True]), (ABORT, []), (BEGIN, [True])],
    ids=["promote", "rollback", "swift", "abort", "first-rung"],
)
def test_a_ban_holds_rollbacks_too_but_never_keeps_a_version_in(change: Change, holds_up: list[bool]) -> None:
    assert [gate.holds_up for gate in gates(Stops(bans=(BAN,)), change)] == holds_up
    assert gates(Stops(bans=(replace(BAN, version="3"), replace(BAN, model="churn"))), change) == ()


@pytest.mark.parametrize(
    ("change", "blocks"), [(CHANGE, True), (BACK, False), (SWIFT, False), (ABORT, False)],
    ids=["promote", "older-rollback", "swift", "abort"],
)  # fmt: skip
@pytest.mark.parametrize("stops", [Stops(freezes_fault="broken"), Stops(bans_fault="broken")], ids=["freezes", "bans"])
def test_what_cannot_be_read_stops_promotions_and_no_rollback(stops: Stops, change: Change, blocks: bool) -> None:
    found = gates(stops, change, obey=True)
    assert any(gate.holds_up for gate in found) is blocks
    assert {gate.state for gate in found} <= {GateState.UNKNOWN}


def test_the_card_waits_for_a_freeze_and_says_who_why_and_until_when() -> None:
    approved = tallied(review(BEN))
    frozen = seen(gates=gates(Stops((FREEZE,))), tally=approved)
    assert stage(frozen) is Stage.APPROVED
    text = note(frozen, Stage.APPROVED)
    assert text == "Waiting for freeze: production frozen by ana until 1970-01-01 00:50 UTC: holidays."
    assert gates_status(frozen).state == "pending"
    actions = reconcile(frozen, {}, frozenset())
    assert not [one for one in actions if isinstance(one, Merge)]
    assert not [one for one in actions if isinstance(one, Say) and one.mark.startswith("blocked")]
    assert stage(seen(gates=frozen.gates)) is Stage.REVIEW
    assert [one for one in reconcile(seen(tally=approved), {}, frozenset()) if isinstance(one, Merge)]


def test_a_ban_blocks_and_says_so_in_the_thread() -> None:
    banned = seen(gates=gates(Stops(bans=(BAN,))), tally=tallied(review(BEN)))
    assert stage(banned) is Stage.BLOCKED
    assert "fraud 4 banned by U0BEN on 1970-01-01 00:16 UTC: leaks labels" in note(banned, Stage.BLOCKED)
    says = [one.mark for one in reconcile(banned, {}, frozenset()) if isinstance(one, Say)]
    assert "blocked:head0:ban" in says


def facts(**fields: object) -> Facts:
    usual = {"intent": INTENT, "allowed": True, "role": "promote", "deployed": Deployed("pinned", "3", None, "f", 1)}
    return Facts(**{**usual, "gates": (), "open_change": None, **fields})  # type: ignore[arg-type]


def test_a_banned_version_is_not_proposed_and_nobody_joins_its_change() -> None:
    assert isinstance(decide(facts()), Propose)
    assert isinstance(decide(facts(open_change=CHANGE)), Join)
    for open_change in (None, CHANGE):
        no = decide(facts(ban=BAN, open_change=open_change))
        assert isinstance(no, Refuse)
        assert no.reason is Reason.VERSION_BANNED
        assert no.message == "fraud 4 banned by U0BEN on 1970-01-01 00:16 UTC: leaks labels."
        assert "unban fraud 4" in (no.unblock or "")
    outsider = decide(facts(ban=BAN, allowed=False))
    assert isinstance(outsider, Refuse)
    assert outsider.reason is Reason.NOT_ALLOWED


def test_a_freeze_of_the_same_place_is_replaced_and_what_has_ended_goes() -> None:
    over, model = replace(FREEZE, environment="staging", until=900.0), replace(FREEZE, model="fraud")
    new = replace(FREEZE, id="01C", since=NOW, until=None)
    assert with_freeze((FREEZE, over, model), new) == (model, new)


def test_lifting_a_freeze_names_its_very_place() -> None:
    model = replace(FREEZE, model="fraud")
    assert without_freeze((FREEZE, model), "production", "fraud", NOW) == (FREEZE,)
    for where, name, now in [("production", None, NOW), ("staging", "fraud", NOW), ("production", "fraud", 3_000.0)]:
        with pytest.raises(Refused) as caught:
            without_freeze((model,), where, name, now)
        assert caught.value.reason is Reason.NOT_FROZEN
    with pytest.raises(Refused) as caught:
        without_freeze((model,), "production", None, NOW)
    assert caught.value.unblock == "Frozen there: `fraud in production`."


def test_the_first_ban_of_a_version_stays_and_is_lifted_once() -> None:
    assert with_ban((), BAN) == (BAN,)
    assert with_ban((BAN,), replace(BAN, id="01C", by=ANA)) is None
    assert without_ban((BAN,), "fraud", "4") == ()
    with pytest.raises(Refused) as caught:
        without_ban((BAN,), "fraud", "3")
    assert caught.value.reason is Reason.NOT_BANNED


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        (turned(BACK, state=ChangeState.MERGED), ("ban", "freeze")),
        (turned(BACK, state=ChangeState.WATCHING), ("ban", "freeze")),
        (turned(BACK, state=ChangeState.OPEN), ()),
        (turned(BACK, state=ChangeState.CLOSED), ()),
        (turned(state=ChangeState.MERGED), ()),
        (turned(state=ChangeState.MERGED, intent=replace(BACK.intent, frm=None)), ("freeze",)),
        (turned(state=ChangeState.MERGED, intent=replace(BACK.intent, frm="run 81f/x y")), ("freeze",)),
    ],
)
def test_what_the_card_of_a_merged_rollback_offers(change: Change, offered: tuple[str, ...]) -> None:
    assert offers(change) == offered
