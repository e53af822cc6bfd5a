"""The example deployment repo: found, whole, with a past, and judged by a policy that this version accepts."""

import subprocess
from pathlib import Path

import pytest
import yaml

from bot.domain.policy import parse_policy
from bot.sandbox.seed import deployed, example_repo, files, write_history
from bot.sandbox.seed.files import example_files
from bot.sandbox.seed.following import without_engine
from bot.sandbox.seed.history import STEPS, snapshot
from bot.sandbox.seed.recipes import ALIASES, LINES


def git(path: Path, *args: str) -> str:
    return subprocess.run(["git", "-C", str(path), *args], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    path = tmp_path / "acme" / "ml-deployments.git"
    assert write_history(path)
    return path


def test_the_example_is_found_in_a_checkout_and_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert example_repo().parts[-2:] in {("deploy", "example-repo"), ("seed", "example-repo")}
    packaged = tmp_path / "example-repo"
    packaged.mkdir()
    (packaged / ".slackops.yaml").write_text("version: 1\n")
    monkeypatch.setattr(files, "_PACKAGED", packaged)
    assert example_repo() == packaged


def test_a_broken_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PACKAGED", tmp_path / "no")
    monkeypatch.setattr(files, "_CHECKOUT", tmp_path / "no")
    with pytest.raises(FileNotFoundError, match="install slackops again"):
        example_repo()


def test_the_history_ends_with_the_example_as_it_is(repo: Path, tmp_path: Path) -> None:
    git(repo, "fsck", "--strict")
    git(tmp_path, "clone", "--quiet", str(repo), "copy")
    copy = tmp_path / "copy"
    found = {
        path.relative_to(copy).as_posix(): path.read_bytes()
        for path in copy.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(copy).parts
    }
    assert found == example_files()


def test_the_history_is_the_same_everywhere(repo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.git"
    assert write_history(other)
    assert git(repo, "rev-parse", "main") == git(other, "rev-parse", "main")


def test_writing_it_twice_changes_nothing(repo: Path) -> None:
    before = git(repo, "rev-parse", "main")
    assert not write_history(repo)
    assert git(repo, "rev-parse", "main") == before


def test_every_commit_moves_what_it_says_and_nothing_else(repo: Path) -> None:
    log = git(repo, "log", "--first-parent", "--reverse", "--format=%H %aI %s", "main").splitlines()
    assert [line.split(" ", 2)[2] for line in log] == [step.subject for step in STEPS]
    dates = [line.split(" ", 2)[1] for line in log]
    assert dates == sorted(dates)
    assert dates[0].startswith("2025-09-01T09:00:00")
    for line, step in list(zip(log, STEPS, strict=True))[1:]:
        changed = git(repo, "diff", "--numstat", f"{line[:40]}~1", line[:40]).splitlines()
        assert len(changed) == 1
        if not step.with_policy:
            assert changed[0].split("\t")[:2] == ["1", "1"]


def test_every_target_has_a_version_to_go_back_to() -> None:
    for place in deployed():
        assert len({step.versions[place] for step in STEPS if place in step.versions}) > 1


def test_versions_only_go_up_by_one() -> None:
    now: dict[tuple[str, str], int] = {}
    for step in STEPS:
        for place, version in step.versions.items():
            assert version == now.get(place, version - 1) + 1
            now[place] = version


def test_what_is_deployed_is_registered_and_production_runs_the_champion() -> None:
    count = {line.name: len(line.recipes) for line in LINES}
    assert all(version <= count[model] for (model, _), version in deployed().items())
    for model, aliases in ALIASES.items():
        assert deployed()[model, "production"] == aliases["champion"]


def test_a_snapshot_refuses_a_file_that_declares_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bot.sandbox.seed.history.example_files", lambda: {"services/churn/values-staging.yaml": b"x: 1\n"}
    )
    with pytest.raises(AssertionError, match="declares 0 versions"):
        snapshot({("churn", "staging"): 2})


def test_the_policy_is_one_that_this_version_accepts() -> None:
    policy = parse_policy({".slackops.yaml": example_files()[".slackops.yaml"]})
    assert [environment.name for environment in policy.environments] == ["staging", "production"]
    assert set(policy.models) == {line.name for line in LINES}
    assert {name: rule.primary_metric for name, rule in policy.models.items()} == {
        line.name: line.primary for line in LINES
    }


def test_where_nothing_tells_how_it_goes_the_policy_names_no_engine() -> None:
    whole = example_files()[".slackops.yaml"]
    plain = without_engine(whole)
    engines = [
        {one.rollout.engine for one in parse_policy({".slackops.yaml": text}).environments} for text in (whole, plain)
    ]
    assert engines == [{"argocd"}, {"none"}]
    with pytest.raises(AssertionError, match="in another way"):
        without_engine(plain)


def test_every_plain_file_is_yaml() -> None:
    for name, content in example_files().items():
        if name.endswith(".yaml") and "/templates/" not in name:
            assert list(yaml.safe_load_all(content)), name
