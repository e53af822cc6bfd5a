"""What every Checkout tells of commits, files and history."""

from __future__ import annotations

import pytest

from bot.errors import Fatal, ForgeUnavailable
from bot.ports import NewCommit
from bot.usecases.history_pages import entries_of
from tests.contracts.checkouts import FILES, A, B, Case, case

__all__ = ["case"]


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


def test_blobs_tell_every_file_and_contents_gives_them(case: Case) -> None:
    head = case.checkout.fetch()
    blobs = case.checkout.blobs(head)
    assert set(blobs) == set(case.checkout.paths(head)) >= set(FILES)
    asked = [blobs[A], "f" * 40, head, "", blobs[B], blobs[A]]
    assert case.checkout.contents(asked) == {blobs[path]: FILES[path] for path in (A, B)}
    assert case.checkout.contents([]) == {}


def test_blobs_follow_the_branch(case: Case) -> None:
    first = case.checkout.fetch()
    before = dict(case.checkout.blobs(first))
    changes: dict[str, bytes | None] = {A: b"version: 2\n", B: None, "models/a/new/é x.yaml": b"version: 7\n"}
    moved = case.remote.change("main", changes)
    case.checkout.fetch()
    after = case.checkout.blobs(moved)
    assert set(after) == set(case.checkout.paths(moved)) == {*before, "models/a/new/é x.yaml"} - {B}
    assert after[A] != before[A]
    assert after["models/a/new/é x.yaml"] == before[B], "equal files are one blob"
    assert case.checkout.contents([after[A]]) == {after[A]: b"version: 2\n"}
    assert dict(case.checkout.blobs(first)) == before, "and back again"
    with pytest.raises(Fatal):
        case.checkout.blobs("main")


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


def test_history_tells_the_blobs_of_each_commit(case: Case) -> None:
    """Those that a commit did not touch too, and none for a file that was not there."""
    start = case.checkout.fetch()
    case.remote.change("main", {A: b"version: 2\n"}, "Two \x1e\x1f :100644 100644")
    case.remote.change("main", {B: None}, "Away")
    head = case.remote.change("main", {A: b"version: 3\n", "other.yaml": b"1"}, "Three")
    case.checkout.fetch()
    found = case.checkout.history(head, [A, B, A, "nope"], 10)
    commits = [entry.commit for entry in found]
    texts = [{path: case.checkout.contents([blob])[blob] for path, blob in entry.blobs.items()} for entry in found]
    assert (
        texts
        == [
            {A: b"version: 3\n"},
            {A: b"version: 2\n"},
            {A: b"version: 2\n", B: b"version: 7\n"},
            {A: b"version: 1\n", B: b"version: 7\n"},
        ][: len(found)]
    )
    assert (commits[0], commits[3], found[2].message) == (head, start, "Two \x1e\x1f :100644 100644")
    assert case.checkout.history(head, [A, B], 2) == found[:2]
    for page in (1, 2, 3):
        assert list(entries_of(case.checkout, head, [A, B], 10, page)) == found
        assert list(entries_of(case.checkout, head, [A, B], 2, page)) == found[:2]
    assert next(entry.blobs for entry in case.checkout.history(head, [B], 9)) == {}


def test_history_tells_a_merge_and_not_the_branch(case: Case) -> None:
    base = case.checkout.fetch()
    branch = case.promote(b"version: 2\n")
    merge = case.checkout.commit(NewCommit((base, branch), branch, {}, "Merge", 1_800_000_100))
    assert case.checkout.history(merge, [A], 1)[0].parent == base
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
