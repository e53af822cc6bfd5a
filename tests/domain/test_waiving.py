"""Waivers: what one lets pass, what ends it, and what is told of it for good."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.domain.by_hand import joined, manual_intent, part_of
from bot.domain.change import ChangeState, Move, Waiver
from bot.domain.commit_statuses import gates_status
from bot.domain.gates import GateResult, GateState
from bot.domain.reconcile import card, merge, thread
from bot.domain.snapshot import Stage, stage
from bot.domain.waive_cards import why_ended
from bot.domain.waiving import (
    digest_of,
    gate_named,
    given,
    new_waiver,
    prefix_of,
    refuse_unwaivable,
    standing_of,
    waivable,
    with_waivers,
    withdrawn,
)
from bot.domain.wording import pull_body
from bot.errors import Reason, Refused
from tests.domain.facts import ANA, BEN, CHANGE, CHLOE, EDIT, INTENT, review, seen, tallied

DIGEST = INTENT.digest
FAILING = GateResult("log_loss", GateState.FAIL, "4% worse than 3", "at most 1% worse than deployed", waivable=True)
OTHER = GateResult("ci/*", GateState.UNKNOWN, "ci/e2e is running", "success", waivable=True)
PASSING = GateResult("roc_auc", GateState.PASS, "0.95", "at least 0.9", waivable=True)
FREEZE = GateResult("freeze", GateState.FAIL, "frozen", "no freeze", waits=True)
WARNS = replace(FAILING, name="rmse", blocks=False)
SKIPPED = replace(FAILING, name="signature", state=GateState.SKIPPED, observed="first deployment")
WAIVER = new_waiver(FAILING, BEN, "the drift is known", 1_500.0, DIGEST, "W1")
ALL = (FAILING, OTHER, PASSING, FREEZE, WARNS, SKIPPED)


def waived(*waivers: Waiver, gate: GateResult = FAILING, digest: str = DIGEST) -> str:
    (result,) = with_waivers([gate], waivers, digest)
    assert result.holds_up == (gate.holds_up and not result.waived)
    return result.waived


@pytest.mark.parametrize(
    ("waiver", "gate", "digest", "holds"),
    [
        pytest.param(WAIVER, FAILING, DIGEST, True, id="stands"),
        pytest.param(WAIVER, replace(FAILING, observed="5% worse than 3"), DIGEST, True, id="observed-anew"),
        pytest.param(WAIVER, replace(FAILING, state=GateState.UNKNOWN), DIGEST, True, id="unknown-by-now"),
        pytest.param(WAIVER, FAILING, "another", False, id="means-something-else"),
        pytest.param(WAIVER, replace(FAILING, required="not worse than deployed"), DIGEST, False, id="rule-changed"),
        pytest.param(WAIVER, replace(FAILING, name="rmse"), DIGEST, False, id="another-gate"),
        pytest.param(replace(WAIVER, withdrawn_by=CHLOE), FAILING, DIGEST, False, id="withdrawn"),
        pytest.param(WAIVER, replace(FAILING, state=GateState.PASS), DIGEST, False, id="passes-by-itself"),
        pytest.param(WAIVER, replace(FAILING, state=GateState.SKIPPED), DIGEST, False, id="skipped"),
        pytest.param(WAIVER, replace(FAILING, blocks=False), DIGEST, False, id="only-informs"),
    ],
)
def test_a_waiver_holds_for_one_meaning_one_gate_and_one_rule(waiver, gate, digest, holds):
    assert bool(waived(waiver, gate=gate, digest=digest)) is holds


def test_a_waived_gate_keeps_its_state_and_tells_who_and_why():
    (result,) = with_waivers([FAILING], [WAIVER], DIGEST)
    assert (result.state, result.observed, result.waiver) == (GateState.FAIL, FAILING.observed, WAIVER)
    assert result.waived == "by U0BEN: the drift is known"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("log_loss", None, id="fails"),
        pytest.param("LOG_LOSS", None, id="in-capitals"),
        pytest.param("ci/*", None, id="unknown"),
        pytest.param("freeze", Reason.NOT_WAIVABLE, id="a-freeze"),
        pytest.param("rmse", Reason.NOT_WAIVABLE, id="only-informs"),
        pytest.param("roc_auc", Reason.NOT_WAIVABLE, id="passes"),
        pytest.param("signature", Reason.NOT_WAIVABLE, id="skipped"),
        pytest.param("logloss", Reason.UNKNOWN_GATE, id="mistyped"),
        pytest.param("<!channel>", Reason.UNKNOWN_GATE, id="forged"),
        pytest.param("", Reason.UNKNOWN_GATE, id="empty"),
    ],
)
def test_only_the_policys_own_gates_that_hold_it_up(name, reason):
    if reason is None:
        refuse_unwaivable(gate_named(ALL, name))
        return
    with pytest.raises(Refused) as refused:
        refuse_unwaivable(gate_named(ALL, name))
    assert refused.value.reason is reason
    assert refused.value.unblock


def test_what_lifts_a_freeze_and_what_was_meant_is_told():
    with pytest.raises(Refused) as frozen:
        refuse_unwaivable(FREEZE)
    with pytest.raises(Refused) as mistyped:
        gate_named(ALL, "logloss")
    assert "/slackops unfreeze" in (frozen.value.unblock or "")
    with pytest.raises(Refused, match="fraud production freeze") as by_hand:
        refuse_unwaivable(replace(FREEZE, name="fraud production freeze"))
    assert by_hand.value.unblock == frozen.value.unblock
    assert "Did you mean `log_loss`?" in (mistyped.value.unblock or "")
    assert [gate.name for gate in waivable(ALL)] == ["log_loss", "ci/*"]


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        pytest.param(PASSING, "roc_auc passes, so it holds nothing up.", id="passes"),
        pytest.param(SKIPPED, "signature is skipped, so it holds nothing up.", id="skipped"),
        pytest.param(WARNS, "rmse only informs, so it holds nothing up.", id="only-informs"),
        pytest.param(
            replace(FAILING, waived="by U0BEN: known.", waiver=replace(WAIVER, reason="known.")),
            "log_loss is waived already: known.",
            id="waived",
        ),
    ],
)
def test_a_refusal_reads_as_a_sentence(gate, words):
    with pytest.raises(Refused) as refused:
        refuse_unwaivable(gate)
    assert refused.value.message == words


def test_a_name_that_is_none_lists_only_a_few_that_are():
    with pytest.raises(Refused) as refused:
        gate_named([replace(FAILING, name=f"gate {n}") for n in range(40)], "zzz")
    assert (refused.value.unblock or "").endswith("`gate 7` and 32 more.")


def test_a_gate_called_like_a_freeze_is_the_one_that_is_waived():
    mine = replace(FAILING, name="freeze")
    assert gate_named([FREEZE, mine], "freeze") is mine
    assert not any(one.waived for one in (FREEZE,))


def test_the_same_row_gives_one_waiver_and_two_people_at_once_too():
    once = given(CHANGE, WAIVER)
    assert given(once, WAIVER) == once
    assert once.waivers == (WAIVER,)
    with pytest.raises(Refused) as late:
        given(once, replace(WAIVER, id="W2", by=CHLOE))
    assert late.value.reason is Reason.ALREADY_DECIDED
    assert len(given(once, replace(WAIVER, id="W2", by=CHLOE), known={"W1"}).waivers) == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(replace(CHANGE, state=ChangeState.MERGED), Reason.ALREADY_DECIDED, id="merged"),
        pytest.param(replace(CHANGE, intent=replace(INTENT, frm="2", edits=())), Reason.CHANGE_MOVED, id="moved"),
    ],
)
def test_what_moved_or_ended_meanwhile_takes_no_waiver(change, reason):
    with pytest.raises(Refused) as refused:
        given(change, WAIVER)
    assert refused.value.reason is reason


def test_a_withdrawn_one_stays_on_the_record_and_may_be_given_anew():
    once = given(CHANGE, WAIVER)
    back = withdrawn(once, CHLOE, {"W1"})
    assert [one.withdrawn_by for one in back.waivers] == [CHLOE]
    assert withdrawn(back, ANA, {"W1"}) == back
    with pytest.raises(Refused) as nothing:
        standing_of(back, "log_loss")
    assert nothing.value.reason is Reason.NOT_WAIVED
    again = given(back, replace(WAIVER, id="W2"))
    assert standing_of(again, "log_loss") == (again.waivers[1],)
    assert withdrawn(again, CHLOE, {"W1"}) == again
    merged = replace(once, state=ChangeState.MERGED)
    assert withdrawn(merged, CHLOE, {"W1"}) == merged


HELD = with_waivers([FAILING], [WAIVER], DIGEST)


@pytest.mark.parametrize(
    ("waiver", "digest", "gates", "words"),
    [
        pytest.param(WAIVER, DIGEST, HELD, "", id="stands"),
        pytest.param(WAIVER, DIGEST, None, "", id="merged"),
        pytest.param(replace(WAIVER, withdrawn_by=CHLOE), DIGEST, HELD, "withdrawn", id="withdrawn"),
        pytest.param(WAIVER, "another", HELD, "means something else", id="moved"),
        pytest.param(WAIVER, DIGEST, (), "no such gate", id="gate-gone"),
        pytest.param(WAIVER, DIGEST, (replace(FAILING, required="x"),), "asks for something else", id="rule-changed"),
        pytest.param(WAIVER, DIGEST, (replace(FAILING, state=GateState.PASS),), "not needed", id="passes"),
        pytest.param(WAIVER, DIGEST, (FAILING,), "not in the role", id="role-lost"),
        pytest.param(replace(WAIVER, id="W0"), DIGEST, HELD, "another one", id="given-anew"),
    ],
)
def test_why_one_holds_no_more(waiver, digest, gates, words):
    told = why_ended(waiver, digest, gates)
    assert words in told
    assert bool(told) is bool(words)


def moved(environment: str) -> Move:
    return Move("fraud", environment, "3", "4", (replace(EDIT, file=f"{environment}.yaml"),))


def test_of_a_pull_request_by_hand_the_gate_of_one_part_is_waived_by_its_full_name():
    moves = (moved("staging"), moved("production"))
    whole = replace(CHANGE, by_hand=True, moves=moves, intent=manual_intent(moves))
    halves = [replace(whole, intent=part_of(move)) for move in moves]
    assert {digest_of(one) for one in (whole, *halves)} == {whole.intent.digest}
    waiver = replace(WAIVER, gate="fraud production log_loss", digest=whole.intent.digest)
    gates = [with_waivers([FAILING], [waiver], digest_of(one), prefix_of(one)) for one in halves]
    assert [bool(one.waived) for (one,) in gates] == [False, True]
    all_ = joined(whole, [seen(half, gates=own) for half, own in zip(halves, gates, strict=True)])
    assert [(one.name, bool(one.waived)) for one in all_.gates] == [
        ("fraud staging log_loss", False),
        ("fraud production log_loss", True),
    ]


def test_it_merges_and_the_commit_the_status_and_the_pull_request_say_so():
    change = given(CHANGE, WAIVER)
    both = with_waivers([FAILING, PASSING], change.waivers, DIGEST)
    now = seen(change, gates=both, tally=tallied(review(BEN)))
    assert stage(now) is Stage.MERGING
    assert "SlackOps-Waived: log_loss" in merge(now).message.splitlines()
    assert gates_status(now).description == "1 of 2 gates passed; 1 waived"
    body = pull_body(change, card(now, Stage.MERGING), None)
    assert "fail, waived by `U0BEN`: the drift is known" in body
    assert "SlackOps-Waived: log_loss" in body.splitlines()


def test_one_that_holds_no_more_is_in_no_trailer_and_stays_in_the_pull_request():
    change = withdrawn(given(CHANGE, WAIVER), CHLOE, {"W1"})
    now = seen(change, gates=with_waivers([FAILING], change.waivers, DIGEST))
    body = pull_body(change, card(now, stage(now)), None)
    assert stage(now) is Stage.BLOCKED
    assert "SlackOps-Waived" not in body
    assert "the drift is known (withdrawn by `U0CHLOE`)" in body


def test_the_thread_calls_those_who_approved_before_it_and_tells_its_end():
    change = withdrawn(given(CHANGE, WAIVER), CHLOE, {"W1"})
    now = seen(change, gates=with_waivers([FAILING], change.waivers, DIGEST), tally=tallied(review(CHLOE)))
    told = {say.mark: say.message for say in thread(now, stage(now)) if "waived" in say.mark}
    assert set(told) == {"waived:W1", "unwaived:W1"}
    assert told["waived:W1"].by == BEN
    assert told["waived:W1"].to == (CHLOE,)
    assert told["unwaived:W1"].by == CHLOE


NAMES = st.sampled_from(["a", "b", "c"])
RESULTS = st.builds(
    GateResult, NAMES, st.sampled_from(GateState), st.just("x"), st.sampled_from(["r", "s"]), blocks=st.booleans()
)
WAIVERS = st.builds(
    Waiver, NAMES, st.just(BEN), st.just("why"), st.just(0.0), st.sampled_from(["d", "e"]), st.sampled_from(["r", "s"]),
    withdrawn_by=st.sampled_from([None, CHLOE]),
)  # fmt: skip


@for_all(st.lists(RESULTS, max_size=5), st.lists(WAIVERS, max_size=5))
def test_waivers_change_no_state_and_never_hold_up_more(results, waivers):
    before, after = with_waivers(results, (), "d"), with_waivers(results, waivers, "d")
    assert [one.state for one in after] == [one.state for one in before]
    for was, now in zip(before, after, strict=True):
        about = [(w.gate, w.required) for w in waivers if w.digest == "d" and w.withdrawn_by is None]
        assert now.holds_up == (was.holds_up and (was.name, was.required) not in about)
