"""After the merge, on a bad day: the registry, the policy or Slack is away, clocks are wrong, people push."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cards import ChangeCard, Stage
from bot.domain.change import ChangeState
from bot.domain.commands import AskEngines, AutoRollback, MarkHealthy, Reconcile, TakeSignals, Watch
from bot.domain.rollout import RolloutState
from bot.domain.signal import Phase, Signal
from bot.errors import ChatUnavailable, RegistryUnavailable
from tests.usecases.chain_rig import STAGING, chain_rig, head_time, move, rows, settle
from tests.usecases.watch_rig import BY_ID, POLICY, break_policy, due, merged, say, state, watch


def test_the_alias_waits_for_a_registry_that_is_away() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    rig.registry.down = RegistryUnavailable("no answer")
    row = rig.row(MarkHealthy(change=change.id))
    for _ in range(12):  # an hour
        rig.dispatcher(row)
        (row,) = due(rig, MarkHealthy, 300.0)
    rig.registry.down = None
    rig.dispatcher(row)
    assert rig.registry.by_alias("fraud", "champion").version == "42"
    assert due(rig, MarkHealthy, 300.0) == []


def test_whose_the_alias_is_stands_before_it_is_set() -> None:
    """The registry may tell of it at once, and a rule must know that nobody else has moved it."""
    rig = chain_rig(POLICY)
    change = merged(rig)
    real, known = rig.registry.set_alias, []

    def set_alias(model: str, alias: str, version: str) -> None:
        record = rig.posts.get(f"set-alias:{model}", alias)
        known.append(record and (record.ts, record.fingerprint))
        real(model, alias, version)

    rig.registry.set_alias = set_alias  # type: ignore[method-assign]
    rig.dispatcher(rig.row(MarkHealthy(change=change.id)))
    assert known == [("42", "staging@")]


def test_the_alias_never_goes_over_what_was_pushed_meanwhile() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    move(rig, STAGING, "41")
    rig.dispatcher(rig.row(MarkHealthy(change=change.id)))
    assert "champion" not in rig.registry.version("fraud", "42").aliases
    assert rig.registry.version("fraud", "42").tags["slackops.staging.change"] == change.id


@pytest.mark.parametrize("kind", [MarkHealthy, Watch, AutoRollback, AskEngines, TakeSignals])
def test_a_policy_that_is_broken_for_a_while_ends_nothing(kind: Any) -> None:
    """Each row ends well, and what it was for is done once the policy is mended."""
    rig = chain_rig(POLICY)
    change = merged(rig)
    if kind is not TakeSignals:
        say(rig, change, Phase.DEGRADED, 20.0)
    at = rig.clock.now()
    told = Signal(
        source="argocd", application="fraud-staging", phase=Phase.HEALTHY, at=at, revision=change.merge_commit
    )
    fields: dict[Any, dict[str, Any]] = {
        MarkHealthy: {"change": change.id},
        Watch: {"change": change.id, "number": 7},
        AutoRollback: {"change": change.id},
        AskEngines: {},
        TakeSignals: {"signals": (told,)},
    }
    break_policy(rig)
    rig.dispatcher(rig.row(kind(**fields[kind])))
    waiting = [] if kind is AskEngines else due(rig, kind, 301.0)
    break_policy(rig, POLICY.encode())
    for row in waiting:
        rig.dispatcher(row)
    if kind is AskEngines:
        rig.dispatcher(rig.row(AskEngines(), "next"))
    done = {
        MarkHealthy: lambda: "slackops.staging.change" in rig.registry.version("fraud", "42").tags,
        Watch: lambda: rig.changes.get(change.id).degraded_at is not None,  # type: ignore[union-attr]
        AutoRollback: lambda: rig.changes.open_for("fraud", "staging") is not None,
        AskEngines: lambda: len(rows(rig, Watch)) == 1,
        TakeSignals: lambda: state(rig, change) is RolloutState.HEALTHY,
    }
    assert done[kind]()


def test_a_push_by_somebody_whose_clock_is_wrong_takes_its_place() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    commit = move(rig, STAGING, "41")
    rig.checkout.commits[commit] = replace(rig.checkout.commits[commit], time=int(head_time(rig)) - 86_400)
    settle(rig, 1.0)
    rig.clock.time = max(rig.clock.time, (change.merged_at or 0.0) + 5.0)
    assert state(rig, change) is RolloutState.REPLACED


def test_the_last_word_of_an_engine_that_was_given_up_counts_no_more() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    say(rig, change, Phase.DEGRADED, 20.0, source="flux")
    assert state(rig, change) is RolloutState.DEGRADED
    say(rig, change, Phase.HEALTHY, 40.0, source="argocd")
    assert state(rig, change) is RolloutState.HEALTHY


def test_a_registry_that_was_away_when_the_engine_told_hides_nothing() -> None:
    rig = chain_rig(BY_ID)
    change = merged(rig, pinned="m-fraud-42", variables={"model_id": "m-fraud-42", "version": "42"})
    say(rig, change, Phase.HEALTHY, 20.0, version="model m-fraud-42")
    assert state(rig, change) is RolloutState.HEALTHY
    rig.registry.down = RegistryUnavailable("no answer")
    rig.checkout.change("main", {STAGING: b"uri: s3://m-fraud-42\nreplicas: 3\n"}, "More replicas")
    settle(rig, 1.0)
    assert state(rig, change) is RolloutState.HEALTHY


def test_a_rule_acts_though_slack_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    say(rig, change, Phase.DEGRADED, 20.0)

    def away(*_: Any) -> None:
        raise ChatUnavailable("no answer")

    monkeypatch.setattr("bot.usecases.watch.chain.after_look", away)
    watch(rig, change)
    assert len(rows(rig, AutoRollback)) == 1


def test_a_flood_of_signals_costs_a_fetch_and_not_one_each(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    fetches: list[str] = []
    fetch = rig.checkout.fetch

    def counted() -> str:
        fetches.append(fetch())
        return fetches[-1]

    monkeypatch.setattr(rig.checkout, "fetch", counted)
    at = rig.clock.now()
    for n in range(50):
        told = Signal(
            source="argocd",
            application="fraud-staging",
            phase=Phase.HEALTHY,
            at=at + n / 100,
            revision=change.merge_commit,
        )
        rig.dispatcher(rig.row(TakeSignals(signals=(told,)), f"s{n}"))
    assert len(fetches) <= 2
    assert state(rig, change) is RolloutState.HEALTHY


def test_engines_that_do_not_answer_leave_no_queue_behind() -> None:
    rig = chain_rig(POLICY)
    for n in range(5):
        rig.inbox.put(f"tick{n}", AskEngines())
    row = rig.inbox.claim("w", 60.0)
    assert row is not None
    rig.dispatcher(row)
    rig.inbox.done(row)
    assert rows(rig, AskEngines) == []


def test_a_target_that_is_declared_no_more_is_told_on_the_card() -> None:
    rig = chain_rig(POLICY)
    change = merged(rig)
    say(rig, change, Phase.HEALTHY, 20.0)
    watch(rig, change)
    break_policy(rig, POLICY.replace("  staging: {rollout", "  stage: {rollout").encode())
    watch(rig, change, "w2")
    ended = rig.changes.get(change.id)
    shown = rig.told()[0]
    assert ended is not None
    assert isinstance(shown, ChangeCard)
    assert ended.state is ChangeState.MERGED
    assert (shown.stage, shown.back_to) == (Stage.REPLACED, None)
    assert "Watched no more: " in shown.note


def test_a_look_that_was_late_does_not_begin_the_watch_anew() -> None:
    """Slack was away from the merge to the end of watching: the pull request's own look comes last."""
    rig = chain_rig(POLICY)
    change = merged(rig)
    rig.checkout.change(change.branch, {STAGING: b"uri: s3://42\n# branch\n"}, "Promote")
    pull = rig.ctx.forge.open_pull(change.branch, "Promote", "", [])
    rig.ctx.forge._save(pull.number, merged=True, state="closed")  # type: ignore[attr-defined]
    live = rig.changes.update(
        change.id, lambda c: replace(c, number=pull.number, state=ChangeState.MERGED, outcome="healthy")
    )
    before = rig.told()[0]
    rig.dispatcher(rig.row(Reconcile(number=pull.number)))
    assert rig.changes.get(change.id) == live
    assert rig.told()[0] == before
    assert len(rig.told()) == 2
