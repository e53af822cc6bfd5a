"""What every Checkout does: fetch, commit, push, whoever else is at work."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import Fatal, Refused
from bot.ports import NewCommit
from tests.contracts.checkouts import FILES, A, B, Case, case
from tests.fakes.checkout import FakeCheckout

__all__ = ["case"]


def test_head_fetches_first_and_then_stays_until_the_next_fetch(case: Case) -> None:
    first = case.checkout.head()
    second = case.remote.change("main", {A: b"version: 2\n"})
    assert case.checkout.head() == first
    assert case.checkout.fetch() == second == case.checkout.head()


def test_a_commit_changes_only_its_files(case: Case) -> None:
    head = case.checkout.fetch()
    new = {A: b"version: 2\n", "models/a.yaml": b"1", "models/a/b/c/new.yaml": b"2", "zz": b"3"}
    made = case.checkout.commit(NewCommit((head,), head, new, "Promote a 1 → 2\n\nBecause.", 1_800_000_000))
    assert case.checkout.read(made, [*new, B]) == {**new, B: FILES[B]}
    assert sorted(case.checkout.changed_paths(head, made)) == sorted(new)
    assert case.checkout.message(made) == "Promote a 1 → 2\n\nBecause."
    assert case.checkout.parents(made) == (head,)
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


def test_two_histories_merged_both_ways_have_no_best_ancestor(case: Case) -> None:
    """Compared with one of the two, a merge would do something else than what it does."""
    head = case.checkout.fetch()
    one, two = (case.checkout.commit(NewCommit((head,), head, {A: text}, "One", 1)) for text in (b"1\n", b"2\n"))
    ours, theirs = (case.checkout.commit(NewCommit((one, two), side, {}, "Both", 1)) for side in (one, two))
    assert case.checkout.merge_base(ours, theirs) is None
    assert case.checkout.merge_base(ours, one) == one


def test_a_branch_of_its_own_begins_with_no_parents_and_only_its_files(case: Case) -> None:
    head = case.checkout.fetch()
    first = case.checkout.commit(NewCommit((), None, {"freezes.json": b"{}\n"}, "Begin", 1_800_000_000))
    assert case.checkout.paths(first) == ["freezes.json"]
    assert case.checkout.merge_base(first, head) is None
    assert case.checkout.push(first, "slackops-state")
    assert case.checkout.fetch() == head
    assert case.checkout.ref("slackops-state") == first
    second = case.checkout.commit(NewCommit((first,), first, {"bans.json": b"[]\n"}, "Go on", 1_800_000_001))
    assert case.checkout.push(second, "slackops-state")
    assert case.checkout.read(second, ["freezes.json", "bans.json"]) == {"freezes.json": b"{}\n", "bans.json": b"[]\n"}
    touched = case.checkout.history(second, ["freezes.json"], 10)
    assert [(entry.commit, entry.message) for entry in touched] == [(first, "Begin")]


def test_two_that_begin_the_same_branch_do_not_overwrite_each_other(case: Case) -> None:
    one, other = (
        case.checkout.commit(NewCommit((), None, {name: b"1\n"}, name, 1_800_000_000)) for name in ("a.json", "b.json")
    )
    assert case.checkout.push(one, "slackops-state")
    assert not case.checkout.push(other, "slackops-state")
    case.checkout.fetch()
    assert case.checkout.ref("slackops-state") == one


def test_a_deleted_branch_is_gone_after_the_next_fetch(case: Case) -> None:
    case.checkout.fetch()
    made = case.checkout.commit(NewCommit((), None, {"a.json": b"1\n"}, "Begin", 1_800_000_000))
    assert case.checkout.push(made, "slackops-state")
    case.remote.delete("slackops-state")
    case.checkout.fetch()
    assert case.checkout.ref("slackops-state") is None


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
