"""`slackops drift run`: the policy's runs over a checkout, and two files without one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.drift_hand_in import Taken
from bot.domain.drifting.windows import Window

POLICY = """\
version: 1
environments: {production: {aliases: [prod]}}
layouts:
  - {files: ["models/{model}/{environment}.yaml"], at: version, value: "{version}"}
drift:
  runs:
    - {name: inputs, model: "*", environment: prod, methods: {numeric: psi}, share: 30%,
       reference: {path: ROOT/reference.csv}, current: {path: "ROOT/{model}.csv"}}
    - {name: gone, model: ltv, environment: prod,
       reference: {path: ROOT/reference.csv}, current: {path: ROOT/gone.csv}}
"""
FINE, DRIFTED = ["inputs/ltv/production"], ["inputs/fraud/production"]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """fraud's amounts moved, ltv's did not; nothing else is configured."""
    for name in ("MLFLOW_TRACKING_URI", "PUBLIC_URL", "DRIFT_WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, shift in (("reference", 0), ("ltv", 0), ("fraud", 500)):
        rows = (f"{n % 1000 + shift},{'de' if n % 3 else 'fr'}" for n in range(2000))
        (tmp_path / f"{name}.csv").write_text("\n".join(["amount,country", *rows]) + "\n")
    made = tmp_path / "repo"
    for model in ("fraud", "ltv"):
        (made / "models" / model).mkdir(parents=True)
        (made / "models" / model / "production.yaml").write_text("version: '7'\n")
    (made / ".slackops.yaml").write_text(POLICY.replace("ROOT", str(tmp_path)))
    return made


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["drift", "run", *args])


def told(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_a_run_that_drifts(repo: Path) -> None:
    result = run(*DRIFTED, "--repo", str(repo))
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert lines[0].startswith("inputs/fraud/production (fraud, production): drift bad")
    assert lines[1].split() == ["RANK", "KIND", "FEATURE", "METHOD", "VALUE", "LIMIT", "VERDICT", "NOTE"]
    assert lines[2].split()[:4] == ["1", "drift", "amount", "psi"]


def test_one_that_does_not(repo: Path) -> None:
    result = run(*FINE, "--repo", str(repo), "--json")
    [found] = told(result)
    assert result.exit_code == 0
    assert (found["run"], found["rows"], found["reason"]) == (*FINE, 2000, None)
    drift = next(window for window in found["windows"] if window["kind"] == "drift")
    assert (drift["verdict"], drift["version"], drift["total"]) == ("fine", "7", 2)
    assert {"rank", "kind", "feature", "method", "value", "threshold", "score", "verdict", "note"} <= set(
        found["readings"][0]
    )


def test_all_of_them_and_one_that_cannot_be_measured(repo: Path) -> None:
    """By the name in the policy every model of it is meant; what fails stops no other."""
    result = run("--repo", str(repo), "--json")
    assert result.exit_code == 1
    assert [(one["run"], one["reason"]) for one in told(result)] == [
        ("gone", "data_unreadable"), *((name, None) for name in DRIFTED + FINE)
    ]  # fmt: skip
    assert [one["run"] for one in told(run("inputs", "--repo", str(repo), "--json"))] == DRIFTED + FINE
    assert "gone.csv" in run("gone", "--repo", str(repo)).stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["inpust"], "Did you mean inputs?"),
        (["--reference", "a.csv"], "go together"),
        (["--reference", "a.csv", "--current", "b.csv", "inputs"], "no NAME"),
        (["--reference", "a.csv", "--current", "b.csv", "--push"], "not pushed"),
        (["inputs", "--method", "psi"], "--method goes"),
        (["--method", "pis"], "--method"),
    ],
    ids=range(6),
)
def test_wrong_usage(repo: Path, args: list[str], words: str) -> None:
    result = run("--repo", str(repo), *args)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.replace("│", " ").split())


def test_two_files_and_no_policy(repo: Path) -> None:
    files = [str(repo.parent / f"{name}.csv") for name in ("reference", "fraud")]
    result = run("--reference", files[0], "--current", files[1], "--method", "psi", "--json")
    [found] = told(result)
    assert (found["model"], found["rows"]) == ("", 2000)
    assert result.exit_code == 1  # one of two features is the half of them
    assert run("--reference", files[0], "--current", files[0]).exit_code == 0
    assert run("--reference", files[0], "--current", "gone.csv").exit_code == 1
    nothing = Path(files[0]).with_name("nothing.csv")
    nothing.write_text("amount,country\n")
    assert run("--reference", files[0], "--current", str(nothing)).exit_code == 1  # unknown is not fine


def test_what_was_found_is_handed_in(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[Window] = []

    def take(windows: list[Window], env: Mapping[str, str], url: str | None, now: float) -> Taken:
        del env, now
        assert url == "https://bot.example"
        handed.extend(windows)
        return Taken.NEW

    monkeypatch.setattr("bot.cli.drift_run.hand_in", take)
    result = run("inputs", "--repo", str(repo), "--push", "--url", "https://bot.example", "--json")
    assert {(one.model, one.verdict.value) for one in handed if one.kind == "drift"} == {
        ("fraud", "bad"),
        ("ltv", "fine"),
    }
    assert (len(told(result)), "Handed in: taken." in result.stderr) == (2, True)


def test_there_is_nothing_to_run(tmp_path: Path) -> None:
    (tmp_path / ".slackops.yaml").write_text("version: 1\n")
    result = run("--repo", str(tmp_path))
    assert (result.exit_code, "declares no run" in result.stderr) == (2, True)
