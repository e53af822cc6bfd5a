"""Runs that the policy declares: when they are due, what is handed in, what is said when they fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.commands import MeasureDrift, PollDrift
from bot.domain.commands_order import LANES, order_key
from bot.domain.drifting.windows import Kind, Verdict
from bot.errors import ChatUnavailable, ForgeUnavailable, Reason, Refused, RegistryUnavailable, Transient
from tests.usecases.drift_rig import DATA, DriftRig
from tests.usecases.stop_rig import NOW

HOUR = 3600.0
GONE = Refused(Reason.DATA_UNREADABLE, "/fraud.parquet cannot be read.", "Mend the path.")
CRON = f'[{{name: scores, model: fraud, environment: prod, {DATA}, cron: "0 6 * * *", timezone: Europe/Berlin}}]'


def test_a_run_is_due_once_an_hour_whatever_the_number_of_ticks() -> None:
    rig = DriftRig()
    for _ in range(6):
        rig.tick(600)
    assert rig.keys("measure_drift") == [f"drift-run:scores:{NOW // HOUR * HOUR + HOUR * n:.0f}" for n in range(2)]


def test_replicas_and_a_kill_before_it_is_remembered_make_one_row() -> None:
    rig = DriftRig()
    for _ in range(2):
        rig.memory.forget(NOW + 1)
        rig.tick()
    assert len(rig.keys("measure_drift")) == 1


def test_what_was_missed_is_done_once() -> None:
    rig = DriftRig()
    rig.tick()
    rig.tick(50 * HOUR)
    rig.tick(60)
    assert len(rig.keys("measure_drift")) == 2


def test_a_cron_begins_with_its_next_time_and_makes_up_for_what_was_missed_once() -> None:
    rig = DriftRig(runs=CRON)  # it is 5:26 in Berlin
    rig.tick()
    assert rig.keys("measure_drift") == []
    for seconds in (1800, 600, 600):
        rig.tick(seconds)
    rig.tick(3 * 24 * HOUR)
    six = NOW // (24 * HOUR) * 24 * HOUR + 5 * HOUR
    assert rig.keys("measure_drift") == [f"drift-run:scores:{six + day * 24 * HOUR:.0f}" for day in (0, 3)]


def test_a_clock_that_was_set_back_holds_up_nothing() -> None:
    rig = DriftRig()
    rig.memory.save("drift-run:scores", NOW + 1000 * HOUR)
    rig.tick()
    assert len(rig.measuring.asked) == 1


def test_one_run_for_many_models_has_its_turn_a_part_at_each_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.usecases.drift_polling.AT_ONCE", 2)
    many = f'[{{name: all, model: ["fraud", "ltv", "l*", other], environment: production, {DATA}, every: 1h}}]'
    rig = DriftRig(runs=many)
    for asked in (2, 3, 3):
        rig.tick(60)
        assert len(rig.measuring.asked) == asked
    paths = sorted(run.current.path for run in rig.measuring.asked)
    assert paths == ["/fraud.parquet", "/ltv.parquet", "/other.parquet"]


def test_what_is_handed_in() -> None:
    rig = DriftRig()
    rig.measuring.drift = {"amount": 3.0, "country": 0.5}
    rig.tick()
    [window] = rig.windows()
    assert (window.source, window.monitor, window.model, window.environment) == ("run", "scores", "fraud", "production")
    assert (window.kind, window.verdict, window.version) == (Kind.DRIFT, Verdict.BAD, "40")
    assert window.at == NOW // HOUR * HOUR
    assert "amount" in window.message
    rig.measuring.end = NOW - 100
    rig.tick(HOUR)
    assert rig.windows()[-1].at == NOW - 100


def test_a_second_run_of_the_same_row_hands_in_nothing_more() -> None:
    rig = DriftRig()
    rig.measuring.drift = {"amount": 3.0}
    row = rig.row(MeasureDrift(run="scores", fire=NOW), "k")
    for _ in range(2):
        rig.dispatcher(row)
    assert len(rig.inbox.records) == 1


@pytest.mark.parametrize("name", ["gone", ""], ids=["taken out of the policy", "no name"])
def test_a_run_that_is_not_declared_any_more(name: str) -> None:
    rig = DriftRig()
    rig.run(MeasureDrift(run=name, fire=NOW))
    assert rig.measuring.asked == []


def test_the_next_time_waits_already() -> None:
    rig = DriftRig()
    rig.memory.save("drift-run:scores", NOW + HOUR)
    rig.run(MeasureDrift(run="scores", fire=NOW))
    assert rig.measuring.asked == []


def test_failing_is_said_when_it_begins_and_when_it_ends() -> None:
    rig = DriftRig()
    rig.measuring.error = GONE
    for _ in range(3):
        rig.tick(HOUR)
    assert rig.said() == ["Drift run scores failed: /fraud.parquet cannot be read."]
    rig.measuring.error = None
    for _ in range(2):
        rig.tick(HOUR)
    assert rig.said()[1:] == ["Drift run scores works again: What it finds counts again."]
    rig.measuring.error = GONE
    rig.tick(HOUR)
    assert len(rig.said()) == 3
    assert rig.windows()[0].verdict is Verdict.FINE


def test_a_run_that_can_compare_nothing_has_failed() -> None:
    rig = DriftRig()
    rig.measuring.drift = {"amount": None}
    rig.tick()
    assert rig.said() == ["Drift run scores failed: No feature can be compared: amount."]
    rig.measuring.rows = 0
    rig.tick(HOUR)
    assert len(rig.said()) == 1  # of an empty window nobody can tell
    rig.measuring.rows, rig.measuring.drift = 9, {}
    rig.tick(HOUR)
    assert "works again" in rig.said()[1]  # nothing is to be compared


def test_a_store_that_does_not_answer_is_asked_again_and_then_told() -> None:
    """By rows of their own, so that nothing waits behind them."""
    rig = DriftRig()
    rig.measuring.error = Transient("s3://bucket did not answer")
    rig.tick()
    assert (len(rig.measuring.asked), rig.said()) == (1, [])
    rig.tick(60)
    rig.tick(120)
    assert len(rig.measuring.asked) == 3
    assert rig.said() == ["Drift run scores failed: s3://bucket did not answer"]
    rig.tick(600)
    assert len(rig.measuring.asked) == 3


def test_a_store_that_answers_the_second_time() -> None:
    rig = DriftRig()
    rig.measuring.error = Transient("s3://bucket did not answer")
    rig.tick()
    rig.measuring.error = None
    rig.tick(60)
    assert (len(rig.windows()), rig.said()) == (1, [])


def test_slack_is_away_while_a_run_fails() -> None:
    rig = DriftRig()
    rig.measuring.error = GONE
    rig.chat.fails = ChatUnavailable("away")
    rig.tick()
    assert rig.said() == []
    for _ in range(3):
        rig.tick(60)
    assert len(rig.said()) == 1


def test_what_is_measured_at_the_same_time_is_bounded() -> None:
    keys = {order_key(MeasureDrift(run=f"inputs/model-{n}/production")) for n in range(100)}
    assert len(keys) == LANES


PERFORMANCE = (
    f"[{{name: scores, model: fraud, environment: prod, {DATA}, prediction: p, label: y, "
    "performance: [{metric: auc, against: primary, worse: 2%}]}]"
)


def test_performance_is_compared_with_the_metrics_of_the_version_that_serves() -> None:
    rig = DriftRig(runs=PERFORMANCE)
    rig.registry.add("fraud", metrics={"auc": 0.9})
    rig.checkout.change("main", {"models/fraud/production.yaml": f"uri: s3://models/fraud/{newest(rig)}\n".encode()})
    rig.checkout.fetch()
    rig.tick()
    assert rig.measuring.logged == [{"auc": 0.9}]
    assert rig.measuring.asked[0].performance[0].against == "auc"


def newest(rig: DriftRig) -> str:
    return rig.registry.versions("fraud", 1)[0].version


@pytest.mark.parametrize("runs", [DriftRig.runs, PERFORMANCE], ids=["drift alone", "performance"])
def test_the_registry_is_away(runs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compared with what nobody knows; the rest is measured all the same."""
    rig = DriftRig(runs=runs)

    def away(*_: object) -> None:
        raise RegistryUnavailable("away")

    monkeypatch.setattr(rig.registry, "version", away)
    rig.tick()
    assert rig.measuring.logged == [None]
    assert len(rig.windows()) == 1


def test_nothing_measures_here() -> None:
    rig = DriftRig()
    rig.dispatcher.ctx = replace(rig.ctx, measuring=None)
    rig.tick()
    assert rig.said() == ["Drift run scores failed: Nothing here measures drift."]


def test_a_policy_that_cannot_be_read_is_no_trouble_of_a_run() -> None:
    rig = DriftRig()
    rig.checkout.change("main", {".slackops.yaml": b"environments: ["})
    rig.checkout.fetch()
    rig.tick()
    rig.run(MeasureDrift(run="scores", fire=NOW))
    assert (rig.carried, rig.said()) == ([], [])


def test_the_forge_is_away_and_what_was_fetched_counts() -> None:
    rig = DriftRig()

    def away() -> str:
        raise ForgeUnavailable("away")

    rig.checkout.fetch = away  # type: ignore[method-assign]
    rig.run(PollDrift())
    assert rig.inbox.records[0].key.startswith("drift-run:scores:")
