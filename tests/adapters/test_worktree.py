"""A checkout read as it lies on disk: what counts as its files, what history it has, and that it runs nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.adapters.worktree import ON_DISK, Worktree
from bot.errors import Fatal, Refused
from bot.ports import Checkout, NewCommit
from tests.support.local_repo import LocalRepo

_WHO = "ana <ana@example.com> 1700000000 +0000"
SIGNED = f"tree {{tree}}\nauthor {_WHO}\ncommitter {_WHO}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aGk=\n\nSigned\n"


@pytest.fixture
def repo(tmp_path: Path) -> LocalRepo:
    made = LocalRepo(tmp_path / "repo")
    made.commit({"a.yaml": "a: 1\n", "deep/er/b.yaml": "b: 1\n", ".gitignore": "junk/\n*.log\n"}, "First")
    made.commit({"a.yaml": "a: 2\n"}, "Second")
    return made


def test_it_is_a_checkout(repo: LocalRepo) -> None:
    tree: Checkout = Worktree(repo.path)
    assert tree.fetch() == tree.head() == ON_DISK


def test_the_files_are_those_on_disk_that_git_does_not_ignore(repo: LocalRepo) -> None:
    repo.write({"a.yaml": "a: 3\n", "new.yaml": "n: 1\n", "junk/x.yaml": "x: 1\n", "b.log": "", "deep/er/b.yaml": None})
    tree = Worktree(repo.path)
    assert tree.paths(ON_DISK) == [".gitignore", "a.yaml", "new.yaml"]
    wanted = ["a.yaml", "new.yaml", "junk/x.yaml", "b.log", "deep/er/b.yaml", ".git/config", "absent"]
    assert tree.read(ON_DISK, wanted) == {"a.yaml": b"a: 3\n", "new.yaml": b"n: 1\n"}
    assert list(tree.blobs(ON_DISK)) == tree.paths(ON_DISK)


@pytest.mark.parametrize(
    "path",
    ["../outside.yaml", "/etc/hostname", "deep/../a.yaml", "./a.yaml", "a.yaml/", "", ".git/HEAD", "deep", "x\0y"],
    ids=repr,
)
def test_no_path_leads_outside(repo: LocalRepo, path: str) -> None:
    (repo.path.parent / "outside.yaml").write_text("secret: 1\n")
    tree = Worktree(repo.path)
    first = repo.git("rev-parse", "HEAD")
    assert tree.read(ON_DISK, [path]) == {}
    assert tree.read(first, [path]) == {}


def test_links_and_what_is_no_file_are_left_out(repo: LocalRepo) -> None:
    outside = repo.path.parent / "outside"
    outside.mkdir()
    (outside / "b.yaml").write_text("secret: 1\n")
    (repo.path / "link.yaml").symlink_to(outside / "b.yaml")
    shutil.rmtree(repo.path / "deep" / "er")
    (repo.path / "deep" / "er").symlink_to(outside)
    os.mkfifo(repo.path / "pipe.yaml")
    tree = Worktree(repo.path)
    assert tree.paths(ON_DISK) == [".gitignore", "a.yaml"]
    assert tree.read(ON_DISK, ["link.yaml", "deep/er/b.yaml", "pipe.yaml"]) == {}
    ids = [f"{ON_DISK}:1:1:{path}" for path in ("link.yaml", "deep/er/b.yaml", "pipe.yaml", "../outside/b.yaml")]
    assert tree.contents(ids) == {}


def test_without_git_every_file_is_there_and_no_history(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.yaml").write_text("a: 1\n")
    (tmp_path / "é.yaml").write_text("b: 1\n")
    (tmp_path / os.fsdecode(b"\xff.yaml")).write_text("c: 1\n")
    tree = Worktree(tmp_path)
    assert tree.paths(tree.head()) == ["x/a.yaml", "é.yaml"]
    assert tree.folder(ON_DISK, "x") == ["x/a.yaml"]
    assert tree.history(ON_DISK, ["x/a.yaml"], 10) == []
    assert not tree.shallow
    with pytest.raises(Fatal, match="in no Git repository"):
        tree.read("0" * 40, ["x/a.yaml"])


def test_history_is_that_of_head_and_its_commits_are_read_from_git(repo: LocalRepo) -> None:
    repo.write({"a.yaml": "a: 3\n"})
    tree = Worktree(repo.path)
    second, first = tree.history(ON_DISK, ["a.yaml"], 10)
    assert (first.message, first.author, second.message) == ("First", "ana", "Second")
    assert [tree.read(one.commit, ["a.yaml"]) for one in (second, first)] == [
        {"a.yaml": b"a: 2\n"},
        {"a.yaml": b"a: 1\n"},
    ]
    assert tree.contents([second.blobs["a.yaml"]]) == {second.blobs["a.yaml"]: b"a: 2\n"}
    assert tree.ensure(first.commit)
    assert not tree.ensure("0" * 40)
    assert tree.message(first.commit) == "First"
    assert tree.merge_base(first.commit, second.commit) == first.commit
    assert tree.changed_paths(first.commit, second.commit) == ["a.yaml"]


def test_a_folder_inside_a_bigger_repository_is_a_checkout_of_its_own(repo: LocalRepo) -> None:
    repo.commit({"deep/er/b.yaml": "b: 2\n", "deep/er/.slackops/x.yaml": "", "deeper.yaml": ""}, "Third")
    repo.write({"deep/er/new.yaml": "n: 1\n"})
    tree = Worktree(repo.path / "deep" / "er")
    assert tree.paths(ON_DISK) == [".slackops/x.yaml", "b.yaml", "new.yaml"]
    third, first = tree.history(ON_DISK, ["b.yaml"], 10)
    assert tree.paths(third.commit) == [".slackops/x.yaml", "b.yaml"]
    assert tree.folder(third.commit, ".slackops") == tree.folder(ON_DISK, ".slackops") == [".slackops/x.yaml"]
    assert tree.read(first.commit, ["b.yaml", "../../a.yaml"]) == {"b.yaml": b"b: 1\n"}
    assert third.blobs == {"b.yaml": tree.blobs(third.commit)["b.yaml"]}
    assert tree.changed_paths(first.commit, third.commit) == [".slackops/x.yaml", "b.yaml"]


def test_a_folder_that_git_ignores_is_read_as_a_plain_one(repo: LocalRepo) -> None:
    repo.write({"junk/a.yaml": "a: 1\n"})
    assert Worktree(repo.path / "junk").paths(ON_DISK) == ["a.yaml"]


def test_a_bare_repository_is_read_at_its_head(repo: LocalRepo, tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    tree = Worktree(tmp_path / "bare.git")
    assert tree.head() == repo.git("rev-parse", "HEAD")
    assert tree.read(tree.head(), ["a.yaml"]) == {"a.yaml": b"a: 2\n"}
    assert len(tree.history(tree.head(), ["a.yaml"], 10)) == 2


def test_before_the_first_commit_there_are_files_and_no_history(tmp_path: Path) -> None:
    repo = LocalRepo(tmp_path)
    repo.write({"a.yaml": "a: 1\n"})
    tree = Worktree(tmp_path)
    assert tree.read(ON_DISK, ["a.yaml"]) == {"a.yaml": b"a: 1\n"}
    assert tree.history(ON_DISK, ["a.yaml"], 10) == []
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "bare")], check=True)
    with pytest.raises(Fatal, match="no commit at its HEAD"):
        Worktree(tmp_path / "bare").head()


def test_a_shallow_clone_says_so(repo: LocalRepo, tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    assert Worktree(tmp_path / "shallow").shallow
    assert not Worktree(repo.path).shallow


def test_nothing_that_the_repository_configures_is_run(repo: LocalRepo, tmp_path: Path) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f'#!/bin/sh\ntouch "{sprung}"\ncat\n')
    trap.chmod(0o755)
    repo.commit({".gitattributes": "*.yaml filter=trap diff=trap\n"})
    for hook in ("post-index-change", "pre-auto-gc", "reference-transaction"):
        (repo.path / ".git" / "hooks" / hook).symlink_to(trap)
    for key in (
        *("core.fsmonitor", "core.sshCommand", "core.pager", "gpg.program", "credential.helper", "core.editor"),
        *("filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "diff.trap.textconv", "diff.external"),
    ):
        repo.git("config", key, str(trap))
    repo.git("config", "log.showSignature", "true")
    repo.git("config", "alias.log", f"!{trap}")
    repo.git("config", "remote.origin.url", f"ext::{trap}")
    repo.git("config", "remote.origin.promisor", "true")
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.partialClone", "origin")
    repo.git("config", "protocol.ext.allow", "always")
    repo.write({"a.yaml": "a: 9\n", "signed": SIGNED.format(tree=repo.git("rev-parse", "HEAD^{tree}"))})
    repo.git("update-ref", "HEAD", repo.git("hash-object", "-t", "commit", "-w", "--no-filters", "signed"))
    sprung.unlink(missing_ok=True)
    before = repo.state()

    tree = Worktree(repo.path)
    assert tree.read(ON_DISK, tree.paths(ON_DISK))
    assert [tree.read(one.commit, ["a.yaml"]) for one in tree.history(ON_DISK, ["a.yaml"], 10)]
    assert tree.contents(["1" * 40]) == {}  # a missing object, which the promisor would be asked for
    tree.close()
    assert not sprung.exists()
    assert repo.state() == before


def test_a_repository_of_somebody_else_is_refused_with_what_would_help(
    repo: LocalRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    wrapper = repo.path.parent / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "{shutil.which("git")}" "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")
    with pytest.raises(Refused, match="belongs to another user") as refused:
        Worktree(repo.path)
    assert refused.value.unblock == f"If you trust it: git config --global --add safe.directory {repo.path}"
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(repo.path))
    assert "a.yaml" in Worktree(repo.path).paths(ON_DISK)


def test_the_variables_of_a_hook_around_it_do_not_mislead(repo: LocalRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    monkeypatch.setenv("GIT_WORK_TREE", "/nowhere")
    tree = Worktree(repo.path)
    assert "a.yaml" in tree.paths(ON_DISK)
    assert len(tree.history(ON_DISK, ["a.yaml"], 10)) == 2


@pytest.mark.parametrize(("spoil", "told"), [("config", "bad config"), ("HEAD", "not a git repository")])
def test_a_damaged_repository_is_refused(repo: LocalRepo, spoil: str, told: str) -> None:
    (repo.path / ".git" / spoil).write_text("[broken\n")
    with pytest.raises(Refused, match=told):
        Worktree(repo.path)


def test_gits_own_folder_is_no_checkout(repo: LocalRepo) -> None:
    with pytest.raises(Refused, match="Git's own folder"):
        Worktree(repo.path / ".git")


def test_without_the_program_it_says_so(repo: LocalRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Fatal, match="`git` program is not installed"):
        Worktree(repo.path)


def test_nothing_is_written(repo: LocalRepo) -> None:
    tree = Worktree(repo.path)
    with pytest.raises(Fatal, match="only read"):
        tree.commit(NewCommit((), ON_DISK, {}, "", 0))
    with pytest.raises(Fatal, match="only read"):
        tree.push("0" * 40, "main")
    with pytest.raises(Fatal, match="no commit of the checkout"):
        tree.tree(ON_DISK)


def test_a_file_that_was_written_has_another_id(repo: LocalRepo) -> None:
    before = Worktree(repo.path).blobs(ON_DISK)["a.yaml"]
    repo.write({"a.yaml": "a: 33\n"})
    tree = Worktree(repo.path)
    after = tree.blobs(ON_DISK)["a.yaml"]
    assert before != after
    assert tree.contents([after]) == {after: b"a: 33\n"}
    assert tree.blobs(ON_DISK) is tree.blobs(ON_DISK)


def test_a_branch_is_what_the_remote_had_before_what_is_here(repo: LocalRepo) -> None:
    tree = Worktree(repo.path)
    first, second = repo.git("rev-parse", "HEAD~1"), repo.git("rev-parse", "HEAD")
    assert tree.ref("slackops-state") is None
    repo.git("branch", "slackops-state", first)
    assert tree.ref("slackops-state") == first
    repo.git("update-ref", "refs/remotes/origin/slackops-state", second)
    assert tree.ref("slackops-state") == second
