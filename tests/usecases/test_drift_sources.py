"""Sources that the policy declares: what is read, once, and what is said of what cannot be read."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from bot.domain.commands import ReadDriftSource
from bot.domain.drifting.windows import Verdict
from bot.errors import ChatUnavailable, RegistryUnavailable, Transient
from tests.usecases.drift_rig import DriftRig
from tests.usecases.stop_rig import NOW

SOURCES = "[{name: nightly, type: json, path: '/drift/{model}/{environment}/*.json', every: 10m}]"
METRICS = (
    "[{name: tracked, type: mlflow, experiment: monitoring, "
    "metrics: {'drift.psi.*': 0.2, 'drift.share': 0.5}, environment: production}]"
)


def report(at: float = NOW - 60, verdict: str = "bad") -> bytes:
    feature = {"name": "amount", "method": "psi", "value": 0.4, "threshold": 0.2}
    when = dt.datetime.fromtimestamp(at, dt.UTC).isoformat()
    return json.dumps({"at": when, "verdict": verdict, "features": [feature]}).encode()


def rig_of(sources: str = SOURCES) -> DriftRig:
    rig = DriftRig(runs="[]", sources=sources)
    rig.files.put("/drift/.keep", b"", 0.0)
    return rig


def test_a_report_is_handed_in_once() -> None:
    rig = rig_of()
    rig.files.put("/drift/fraud/production/1.json", report(), NOW - 60)
    for _ in range(4):
        rig.tick(600)
    [window] = rig.windows()
    assert (window.monitor, window.model, window.environment) == ("nightly", "fraud", "production")
    assert window.verdict is Verdict.BAD
    assert rig.files.read_paths == ["/drift/fraud/production/1.json"]
    assert rig.said() == []


def test_another_content_under_the_same_name_is_read_again() -> None:
    rig = rig_of()
    rig.files.put("/drift/fraud/production/last.json", report(), NOW - 60)
    rig.tick()
    rig.files.put("/drift/fraud/production/last.json", report(NOW), NOW + 300)
    rig.tick(600)
    assert len(rig.files.read_paths) == 2


def test_what_comes_late_with_an_older_time_is_read_too() -> None:
    rig = rig_of()
    for name, at in (("2", NOW - 60), ("1", NOW - 300)):
        rig.files.put(f"/drift/fraud/production/{name}.json", report(at), at)
        rig.tick(600)
    assert len(rig.windows()) == 2


def test_what_is_still_being_written_is_left_alone() -> None:
    rig = rig_of()
    rig.files.put("/drift/fraud/production/1.json", b'{"at":', NOW - 2)
    rig.tick()
    assert (rig.files.read_paths, rig.said()) == ([], [])
    rig.files.put("/drift/fraud/production/1.json", report(), NOW + 1)
    rig.tick(600)
    assert len(rig.windows()) == 1


def test_of_a_new_source_what_is_old_is_past() -> None:
    rig = rig_of()
    rig.files.put("/drift/fraud/production/old.json", report(), NOW - 2 * 86400)
    rig.files.put("/drift/fraud/production/new.json", report(), NOW - 3600)
    rig.tick()
    assert rig.files.read_paths == ["/drift/fraud/production/new.json"]


def test_more_than_a_turn_holds_is_read_right_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.usecases.drift_source.MOST", 3)
    rig = rig_of()
    for number in range(8):
        rig.files.put(
            f"/drift/fraud/production/{number}.json", report(NOW - 600 + number * 60), NOW - 600 + number * 60
        )
    rig.tick()
    assert len(rig.files.read_paths) == len(set(rig.files.read_paths)) == 8
    assert len(rig.keys("read_drift_source")) == 3


def test_a_file_from_the_future_holds_up_nothing() -> None:
    rig = rig_of()
    rig.files.put("/drift/fraud/production/1.json", report(), NOW + 10 * 86400)
    rig.tick()
    rig.files.put("/drift/fraud/production/2.json", report(NOW + 300), NOW + 300)
    rig.tick(600)
    rig.tick(600)
    assert [path[-6:] for path in rig.files.read_paths] == ["1.json", "2.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b'{"at":', b"[" * 100_000, b"\xff", b'"text"', b"{}", b"x" * (1024 * 1024 + 1), b'{"at": NaN}'],
    ids=["empty", "cut", "deep", "no UTF-8", "text", "nothing", "huge", "NaN"],
)
def test_what_cannot_be_read_is_said_once_and_stops_nothing(content: bytes) -> None:
    rig = rig_of()
    rig.files.put("/drift/fraud/production/1.json", content, NOW - 60)
    rig.files.put("/drift/ltv/production/2.json", report(), NOW - 50)
    for _ in range(3):
        rig.tick(600)
    assert [window.model for window in rig.windows()] == ["ltv"]
    [said] = rig.said()
    assert said.startswith("Drift source nightly failed: /drift/fraud/production/1.json: ")
    rig.files.put("/drift/fraud/production/3.json", report(NOW + 1500), NOW + 1500)
    rig.tick(600)
    assert rig.said()[1].startswith("Drift source nightly works again")


def test_a_report_that_tells_nothing_is_told() -> None:
    rig = rig_of(SOURCES.replace("type: json", "type: evidently"))
    rig.files.put("/drift/fraud/production/1.json", b'{"metrics": [], "tests": []}', NOW - 60)
    rig.tick()
    assert rig.said() == ["Drift source nightly failed: /drift/fraud/production/1.json: it tells nothing of drift"]


def test_what_could_not_be_told_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = rig_of()
    rig.files.put("/drift/fraud/production/1.json", b"cut", NOW - 60)
    with monkeypatch.context() as patch:
        patch.setattr(rig.chat, "post", _away)
        with pytest.raises(ChatUnavailable):
            rig.run(ReadDriftSource(source="nightly"))
    assert rig.said() == []
    for _ in range(2):
        rig.tick(600)
    [said] = rig.said()
    assert said.startswith("Drift source nightly failed: /drift/fraud/production/1.json: ")
    assert rig.files.read_paths == ["/drift/fraud/production/1.json"]


def _away(*_: object, **__: object) -> None:
    raise ChatUnavailable("away")


def test_a_path_that_leads_nowhere() -> None:
    rig = DriftRig(runs="[]", sources=SOURCES)
    for _ in range(3):
        rig.tick(600)
    assert len(rig.said()) == 1


def test_a_store_that_is_away() -> None:
    rig = rig_of()
    rig.files.away = True
    row = rig.row(ReadDriftSource(source="nightly"), "k")
    with pytest.raises(Transient):
        rig.dispatcher(row)
    rig.dispatcher(type(row)(row.id, row.key, row.command, 3, row.created_at))
    assert rig.said() == ["Drift source nightly failed: the store did not answer"]


@pytest.mark.parametrize("line", range(4))
def test_a_kill_anywhere_reads_again_and_hands_in_nothing_twice(line: int) -> None:
    rig = rig_of()
    for name in ("1", "2", "3"):
        rig.files.put(f"/drift/fraud/production/{name}.json", report(NOW - 600 + 100 * int(name)), NOW - 60)
    rig.inbox.put("read", ReadDriftSource(source="nightly"))
    row = rig.inbox.claim("w", 60)
    assert row is not None
    put, left = rig.inbox.put, [line]

    def die(*given: object) -> str | None:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        return put(*given)  # type: ignore[arg-type]

    rig.inbox.put = die  # type: ignore[assignment,method-assign]
    try:
        rig.dispatcher(row)
    except KeyboardInterrupt:
        rig.inbox.put = put  # type: ignore[method-assign]
        rig.dispatcher(row)
    assert len([one for one in rig.inbox.records if one.key.startswith("drift:")]) == 3


def test_metrics_of_runs() -> None:
    rig = rig_of(METRICS)
    rig.tracking.add(
        "monitoring", "r1", NOW - 60, {"drift.psi.amount": 0.3, "loss": 1.0, "drift.share": 0.1}, model="fraud"
    )
    rig.tracking.add("monitoring", "r2", NOW - 50, {"loss": 1.0}, model="fraud")
    for _ in range(3):
        rig.tick(900)
    [window] = rig.windows()
    assert (window.source, window.monitor, window.model, window.at) == ("mlflow", "tracked", "fraud", NOW - 60)
    assert {one.feature: one.threshold for one in window.readings} == {"amount": 0.2, "": 0.5}
    rig.tracking.add("monitoring", "r3", NOW + 2000, {"drift.psi.amount": 0.1}, model="fraud")
    rig.tick(900)
    assert len(rig.windows()) == 2


def test_a_run_that_names_no_model_is_told() -> None:
    rig = rig_of(METRICS)
    rig.tracking.add("monitoring", "r1", NOW - 60, {"drift.psi.amount": 0.3})
    rig.tick()
    assert (rig.windows(), len(rig.said())) == ([], 1)


def test_an_experiment_that_is_not_there_and_a_server_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = rig_of(METRICS)
    rig.tick()
    assert rig.said() == ["Drift source tracked failed: MLflow has no experiment 'monitoring'."]

    def away(*_: object) -> None:
        raise RegistryUnavailable("away")

    monkeypatch.setattr(rig.tracking, "ended", away)
    with pytest.raises(RegistryUnavailable):
        rig.run(ReadDriftSource(source="tracked"))
