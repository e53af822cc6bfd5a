"""`slackops gate --changed` and `--staged`: what moved, whose it is, and against which version."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.registry import FakeRegistry
from tests.support.local_repo import LocalRepo
from tests.usecases.gating_rig import FILES, PRODUCTION, Judge, judge, registry, repo, state_of, states

__all__ = ["judge", "registry", "repo"]


def test_every_version_that_moved(judge: Judge, repo: LocalRepo) -> None:
    assert judge.moved() == []
    repo.git("switch", "--quiet", "--create", "mine")
    repo.commit({PRODUCTION: "version: '2' # better\n", "models/ltv/production.yaml": "version: '1' # same\n"})
    repo.write({"models/ltv/staging.yaml": "version: '1'\n"})  # not committed, and counts
    found = judge.moved()
    assert [(one.model, one.environment, one.deployed, one.version) for one in found] == [
        ("fraud", "production", "1", "2"),
        ("ltv", "staging", None, "1"),
    ]
    assert [one.passed for one in found] == [True, True]


def test_what_only_the_base_moved_is_not_this_branchs(judge: Judge, repo: LocalRepo) -> None:
    repo.git("switch", "--quiet", "--create", "mine")
    repo.commit({"models/ltv/production.yaml": "version: '9'\n"})
    repo.git("switch", "--quiet", "main")
    repo.commit({PRODUCTION: "version: '2'\n"})
    repo.git("switch", "--quiet", "mine")
    (found,) = judge.moved()
    assert (found.model, found.version, states(found)["version"], found.passed) == ("ltv", "9", "unknown", False)


def test_the_deployed_version_is_that_of_the_base(judge: Judge, repo: LocalRepo) -> None:
    repo.git("switch", "--quiet", "--create", "mine")
    repo.commit({PRODUCTION: "version: '3'\n"})
    repo.git("switch", "--quiet", "main")
    repo.commit({PRODUCTION: "version: '2'\n"})
    repo.git("switch", "--quiet", "mine")
    (found,) = judge.moved()
    assert (found.deployed, found.version, found.passed) == ("2", "3", False)


def test_a_first_deployment(judge: Judge, repo: LocalRepo) -> None:
    repo.git("switch", "--quiet", "--create", "mine")
    repo.commit({"models/new-one/production.yaml": "version: '1'\n"})
    (found,) = judge.moved()
    assert (found.model, found.deployed, state_of(found, "loss")) == ("new-one", None, "unknown")
    assert not found.passed  # nobody registered it


def test_a_target_that_cannot_be_read_any_more_does_not_pass(judge: Judge, repo: LocalRepo) -> None:
    repo.write({PRODUCTION: "version: [2]\n"})
    (found,) = judge.moved()
    assert (found.gates[0].name, found.passed) == ("target", False)


def test_what_could_not_be_read_before_is_no_first_deployment(judge: Judge, repo: LocalRepo) -> None:
    repo.commit({PRODUCTION: "version: [1]\n"})
    repo.git("switch", "--quiet", "--create", "mine")
    repo.commit({PRODUCTION: "version: '2'\n"})
    (found,) = judge.moved()
    assert (found.version, state_of(found, "loss"), found.passed) == ("2", "unknown", False)


def test_only_what_is_staged(judge: Judge, repo: LocalRepo) -> None:
    repo.write({PRODUCTION: "version: '2'\n"})
    assert judge.moved("HEAD", staged=True) == []
    repo.git("add", "--all")
    repo.write({PRODUCTION: "version: '3'\n"})
    (found,) = judge.moved("HEAD", staged=True)
    assert (found.deployed, found.version) == ("1", "2")


def test_the_index_of_the_first_commit(tmp_path: Path, registry: FakeRegistry) -> None:
    repo = LocalRepo(tmp_path / "empty")
    repo.write(FILES)
    repo.git("add", "--all")
    found = Judge(repo, registry).moved(None, staged=True)
    assert {(one.model, one.environment, one.deployed) for one in found} == {
        ("fraud", "staging", None),
        ("fraud", "production", None),
        ("ltv", "production", None),
    }


def test_the_index_of_a_hook_that_git_makes_for_one_file(
    judge: Judge, repo: LocalRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.write({PRODUCTION: "version: '2'\n"})
    index = {"GIT_INDEX_FILE": ".git/next-index-1.lock"}
    repo.git("read-tree", "HEAD", **index)
    repo.git("add", PRODUCTION, **index)
    monkeypatch.setenv("GIT_INDEX_FILE", index["GIT_INDEX_FILE"])
    (found,) = judge.moved("HEAD", staged=True)
    assert found.version == "2"


def test_a_folder_inside_a_bigger_repository(tmp_path: Path, registry: FakeRegistry) -> None:
    whole = LocalRepo(tmp_path / "mono")
    whole.commit({f"deploy/{name}": text for name, text in FILES.items()})
    whole.write({f"deploy/{PRODUCTION}": "version: '2'\n"})
    whole.git("add", "--all")
    inside = Judge(whole, registry)
    inside.repo = type("Inside", (), {"path": whole.path / "deploy"})()
    assert [[one.version for one in inside.moved("HEAD", staged=staged)] for staged in (False, True)] == [["2"]] * 2


def test_a_base_that_has_no_history_with_the_branch(judge: Judge, repo: LocalRepo) -> None:
    """As in a shallow clone that fetched no more of the base than its newest commit."""
    repo.git("switch", "--quiet", "--orphan", "mine")
    repo.commit({**FILES, PRODUCTION: "version: '2'\n"})
    (found,) = judge.moved()
    assert (found.deployed, found.version, found.passed) == ("1", "2", True)
