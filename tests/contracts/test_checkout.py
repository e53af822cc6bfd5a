"""What every Checkout does, in memory and over a bare mirror: of a folder, and of a Git server that wants a token."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.gitrepo import GitMirror
from bot.errors import Fatal, ForgeUnavailable, Refused
from bot.ports import Checkout, NewCommit
from tests.fakes.checkout import FakeCheckout
from tests.sandbox.test_github_support import REPO, TOKENS
from tests.support.forge_world import blocking_world
from tests.support.remote import Remote

A, B = "models/a/production/x.yaml", "models/b/production/x.yaml"
FILES = {A: b"version: 1\n", B: b"version: 7\n", "README.md": b"# Deployments\n"}


@dataclass
class Case:
    checkout: Checkout
    remote: FakeCheckout | Remote

    def promote(
        self, text: bytes = b"version: 2\n", parent: str = "", tree_of: str = "", message: str = "Promote"
    ) -> str:
        base = parent or self.checkout.fetch()
        return self.checkout.commit(NewCommit((base,), tree_of or base, {A: text}, message, 1_800_000_000))


@pytest.fixture(params=["fake", "folder", "server"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    if request.param == "fake":
        fake = FakeCheckout(FILES)
        yield Case(fake, fake)
    elif request.param == "folder":
        remote = Remote(tmp_path / "remote.git", FILES)
        mirror = GitMirror(tmp_path / "mirror.git", str(remote.path))
        yield Case(mirror, remote)
        mirror.close()
    else:
        with blocking_world(tmp_path) as world:
            remote = Remote(world.world.github.repo_path(REPO))
            remote.change("main", FILES, "Start")
            url = f"{world.world.url}/sandbox/github/{REPO}.git"
            mirror = GitMirror(tmp_path / "mirror.git", url, credentials=lambda: TOKENS["slackops[bot]"])
            yield Case(mirror, remote)
            mirror.close()


def test_head_fetches_first_and_then_stays_until_the_next_fetch(case: Case) -> None:
    first = case.checkout.head()
    second = case.remote.change("main", {A: b"version: 2\n"})
    assert case.checkout.head() == first
    assert case.checkout.fetch() == second == case.checkout.head()


def test_branches_come_and_go(case: Case) -> None:
    case.checkout.fetch()
    assert case.checkout.ref("topic/one") is None
    sha = case.remote.change("topic/one", {A: b"version: 2\n"})
    case.checkout.fetch()
    assert case.checkout.ref("topic/one") == sha
    case.remote.delete("topic/one")
    case.checkout.fetch()
    assert case.checkout.ref("topic/one") is None


@pytest.mark.parametrize("name", ["", "a b", "a..b", "-a", "a\nmain", "main:README.md", "main^", "@{-1}", "main~1"])
def test_what_is_no_branch_is_not_found(case: Case, name: str) -> None:
    assert case.checkout.ref(name) is None


def test_read_leaves_out_what_is_no_file(case: Case) -> None:
    head = case.checkout.fetch()
    asked = [
        A,
        B,
        A,
        "models",
        "models/a",
        "nope",
        f"{A}/deeper",
        "../x",
        "/etc/passwd",
        "",
        ".git/config",
        "a\nb",
        "x\0y",
    ]
    assert case.checkout.read(head, asked) == {A: FILES[A], B: FILES[B]}
    assert case.checkout.read(head, []) == {}


def test_bytes_are_bytes(case: Case) -> None:
    content = bytes(range(256)) + b"\r\n\0 missing\n"
    head = case.remote.change("main", {A: content, B: b""})
    case.checkout.fetch()
    assert case.checkout.read(head, [A, B]) == {A: content, B: b""}


def test_many_files_are_read_at_once(case: Case) -> None:
    files = {f"many/{n % 7}/{n}.yaml": b"n: %d\n" % n * n for n in range(900)}
    head = case.remote.change("main", dict(files))
    case.checkout.fetch()
    assert case.checkout.read(head, list(files)) == files
    assert set(case.checkout.paths(head)) >= set(files)


def test_a_commit_changes_only_its_files(case: Case) -> None:
    head = case.checkout.fetch()
    new = {A: b"version: 2\n", "models/a.yaml": b"1", "models/a/b/c/new.yaml": b"2", "zz": b"3"}
    made = case.checkout.commit(NewCommit((head,), head, new, "Promote a 1 → 2\n\nBecause.", 1_800_000_000))
    assert case.checkout.read(made, [*new, B]) == {**new, B: FILES[B]}
    assert sorted(case.checkout.changed_paths(head, made)) == sorted(new)
    assert case.checkout.message(made) == "Promote a 1 → 2\n\nBecause."
    assert case.checkout.tree(made) != case.checkout.tree(head)


def test_the_same_commit_has_the_same_id(case: Case) -> None:
    one, two = case.promote(), case.promote()
    assert one == two
    assert case.promote(b"version: 3\n") != one
    assert case.promote(message="Other") != one
    assert case.checkout.tree(one) == case.checkout.tree(case.promote(message="Other"))


def test_a_tree_can_be_taken_over_with_two_parents(case: Case) -> None:
    """As after a moved base: old head and new base are the parents, the intent on the new base is the tree."""
    old_head = case.promote()
    base = case.remote.change("main", {A: b"# moved\nversion: 1\n", B: b"version: 8\n"})
    case.checkout.fetch()
    new = NewCommit((old_head, base), base, {A: b"# moved\nversion: 2\n"}, "Follow main", 1_800_000_000)
    made = case.checkout.commit(new)
    assert case.checkout.read(made, [A, B]) == {A: b"# moved\nversion: 2\n", B: b"version: 8\n"}
    assert case.checkout.push(old_head, "slackops/a")
    assert case.checkout.push(made, "slackops/a")
    assert case.checkout.merge_base(made, base) == base


@pytest.mark.parametrize("path", ["../out", "/abs", "models", f"{A}/inside", ".git/hooks/x", "a//b", "./a", ""])
def test_a_path_that_is_no_file_is_not_written(case: Case, path: str) -> None:
    head = case.checkout.fetch()
    with pytest.raises(Refused):
        case.checkout.commit(NewCommit((head,), head, {path: b"x"}, "No", 1_800_000_000))


def test_push_is_seen_by_others_and_by_us(case: Case) -> None:
    made = case.promote()
    assert case.checkout.push(made, "slackops/promote/a/production/2-ABC")
    assert case.checkout.ref("slackops/promote/a/production/2-ABC") == made
    assert case.checkout.fetch() != made
    assert case.checkout.ref("slackops/promote/a/production/2-ABC") == made


def test_push_twice_is_the_same_as_once(case: Case) -> None:
    made = case.promote()
    assert case.checkout.push(made, "slackops/a")
    assert case.checkout.push(made, "slackops/a")


def test_push_is_never_forced(case: Case) -> None:
    assert case.checkout.push(case.promote(), "slackops/a")
    other = case.remote.change("slackops/a", {B: b"version: 9\n"})
    assert not case.checkout.push(case.promote(b"version: 3\n"), "slackops/a")
    case.checkout.fetch()
    assert case.checkout.ref("slackops/a") == other


@pytest.mark.parametrize("name", ["", "a b", "a..b", "-d", "+main", "x:y", "a\nb"])
def test_push_takes_only_branch_names(case: Case, name: str) -> None:
    made = case.promote()
    if name == "+main":  # a legal name, but no force
        assert case.checkout.push(made, name)
        assert case.checkout.fetch() != made
        return
    with pytest.raises(Fatal):
        case.checkout.push(made, name)


def test_merge_base(case: Case) -> None:
    head = case.checkout.fetch()
    made = case.promote()
    moved = case.remote.change("main", {B: b"version: 8\n"})
    case.checkout.fetch()
    assert case.checkout.merge_base(made, moved) == head
    assert case.checkout.merge_base(made, made) == made
    orphan = case.checkout.commit(NewCommit((), head, {}, "Alone", 1))
    assert case.checkout.merge_base(orphan, made) is None


def test_history_is_first_parent_and_newest_first(case: Case) -> None:
    start = case.checkout.fetch()
    two = case.remote.change("main", {A: b"version: 2\n"}, "Two", "ben")
    case.remote.change("main", {B: b"version: 8\n"}, "Other")
    three = case.remote.change("main", {A: b"version: 3\n"}, "Three\n\nSlackOps-To: 3")
    head = case.checkout.fetch()
    found = case.checkout.history(head, [A], 10)
    assert [entry.commit for entry in found][:2] == [three, two]
    assert (found[0].message, found[1].author) == ("Three\n\nSlackOps-To: 3", "ben")
    assert found[0].time > found[1].time
    assert [entry.commit for entry in case.checkout.history(head, [A], 1)] == [three]
    assert case.checkout.history(head, ["nope", "../x"], 10) == []
    assert case.checkout.history(start, [A, B], 10)[0].commit == start


def test_history_tells_a_merge_and_not_the_branch(case: Case) -> None:
    base = case.checkout.fetch()
    branch = case.promote(b"version: 2\n")
    merge = case.checkout.commit(NewCommit((base, branch), branch, {}, "Merge", 1_800_000_100))
    assert [entry.commit for entry in case.checkout.history(merge, [A], 10)][:1] == [merge]
    assert branch not in {entry.commit for entry in case.checkout.history(merge, [A], 10)}


def test_unknown_and_malformed_commits(case: Case) -> None:
    case.checkout.fetch()
    with pytest.raises(ForgeUnavailable):
        case.checkout.tree("f" * 40)
    for bad in ("main", "", "HEAD", "--all", "f" * 39):
        with pytest.raises(Fatal):
            case.checkout.tree(bad)


def test_ensure_tells_what_the_remote_has(case: Case) -> None:
    case.checkout.fetch()
    sha = case.remote.change("topic", {A: b"version: 2\n"})
    assert case.checkout.ensure(sha)
    assert not case.checkout.ensure("f" * 40)
    with pytest.raises(Fatal):
        case.checkout.ensure("main")


def test_a_folder_lists_its_own_files_only(case: Case) -> None:
    head = case.remote.change(
        "main", {".slackops/a.yaml": b"1", ".slackops/b.yml": b"2", ".slackops/tests/c.yaml": b"3"}
    )
    case.checkout.fetch()
    assert case.checkout.folder(head, ".slackops") == [".slackops/a.yaml", ".slackops/b.yml"]
    for path in ("nope", A, "../x", "", "/", "models"):
        assert case.checkout.folder(head, path) == []


def test_a_commit_is_found_before_the_next_fetch(case: Case) -> None:
    case.checkout.fetch()
    sha = case.remote.change("topic", {A: b"version: 2\n"})
    assert case.checkout.read(sha, [A]) == {A: b"version: 2\n"}


def test_threads_do_not_disturb_each_other(case: Case) -> None:
    head = case.checkout.fetch()

    def work(number: int) -> bool:
        case.checkout.fetch()
        made = case.promote(b"version: %d\n" % number, parent=head)
        assert case.checkout.read(made, [A, B]) == {A: b"version: %d\n" % number, B: FILES[B]}
        return case.checkout.push(made, f"slackops/t{number}")

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(12)))
    case.checkout.fetch()
    assert len({case.checkout.ref(f"slackops/t{number}") for number in range(12)}) == 12


def test_git_itself_finds_no_fault(case: Case) -> None:
    if isinstance(case.remote, FakeCheckout):
        pytest.skip("there is no Git in the fake")
    head = case.checkout.fetch()
    files = {"models/a.b": b"1", "models/a-b/x": b"2", "models/a0": b"3", "models/a/x": b"4", A: b"5"}
    assert case.checkout.push(case.checkout.commit(NewCommit((head,), head, files, "Sorting", 1)), "sorted")
    fsck = subprocess.run(
        ["git", "fsck", "--strict"], cwd=case.remote.path, capture_output=True, text=True, check=False
    )
    assert (fsck.returncode, fsck.stderr) == (0, "")
    listed = case.remote.git("ls-tree", "-r", "--name-only", "sorted").splitlines()
    assert set(files) <= set(listed)
