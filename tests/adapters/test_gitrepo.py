"""What only the mirror has: healing, secrets, links, the marks that a killed process leaves."""

from __future__ import annotations

import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.adapters.gitrepo import GitMirror
from bot.adapters.gitrepo.failures import GitFailed
from bot.adapters.gitrepo.remote import parse_remote, scrub
from bot.errors import Fatal, ForgeUnavailable, Reason, Refused
from bot.ports import NewCommit
from tests.support.remote import Remote

A = "models/a/production/x.yaml"


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git", {A: b"version: 1\n"})


@pytest.fixture
def mirror(remote: Remote, tmp_path: Path) -> GitMirror:
    return GitMirror(tmp_path / "mirror.git", str(remote.path))


def test_links_and_submodules_are_left_out(remote: Remote, mirror: GitMirror) -> None:
    remote.change("main", {"link": b"models/a/production/x.yaml", "away": b"/etc", "folder": b"models"}, mode="120000")
    head = remote.change("main", {"sub": remote.head().encode()}, mode="160000")
    assert mirror.fetch() == head
    assert mirror.paths(head) == [A]
    assert mirror.read(head, ["link", "away/passwd", "folder/a/production/x.yaml", "sub", A]) == {A: b"version: 1\n"}
    for path in ("link", "folder/a/production/x.yaml", "sub", "sub/x"):
        with pytest.raises(Refused) as refused:
            mirror.commit(NewCommit((head,), head, {path: b"x"}, "No", 1))
        assert refused.value.reason == Reason.TARGET_UNREADABLE


def test_executable_files_stay_executable(remote: Remote, mirror: GitMirror) -> None:
    head = remote.change("main", {"run.sh": b"#!/bin/sh\n"}, mode="100755")
    mirror.fetch()
    made = mirror.commit(NewCommit((head,), head, {"run.sh": b"#!/bin/bash\n"}, "Run", 1))
    assert mirror.push(made, "run")
    assert remote.git("ls-tree", "run", "run.sh").startswith("100755")


@pytest.mark.parametrize("damage", ["objects", "HEAD", "refs", "config", "packs", "everything"])
def test_a_damaged_mirror_is_made_again(remote: Remote, mirror: GitMirror, tmp_path: Path, damage: str) -> None:
    head = mirror.fetch()
    mirror.close()
    _damage(tmp_path / "mirror.git", damage)
    for _ in range(4):
        try:
            assert GitMirror(tmp_path / "mirror.git", str(remote.path)).fetch() == head
            assert mirror.read(mirror.fetch(), [A]) == {A: b"version: 1\n"}
            break
        except ForgeUnavailable:
            continue
    else:
        pytest.fail("not healed")
    assert not list(tmp_path.glob("*.broken-*"))


def _damage(folder: Path, what: str) -> None:
    if what == "everything":
        shutil.rmtree(folder)
    elif what == "objects":
        for path in (folder / "objects").rglob("*"):
            if path.is_file():
                path.chmod(0o600)
                path.write_bytes(b"rubbish")
    elif what == "packs":
        for path in [*(folder / "objects").glob("??"), folder / "objects" / "pack"]:
            shutil.rmtree(path, ignore_errors=True)
    elif what == "refs":
        (folder / "refs/remotes/origin/main").write_text("no commit\n")
    else:
        (folder / what).write_text("\0rubbish")


def test_locks_of_a_killed_process_are_swept(remote: Remote, mirror: GitMirror, tmp_path: Path) -> None:
    mirror.fetch()
    new = remote.change("main", {A: b"version: 2\n"})
    lock = tmp_path / "mirror.git/refs/remotes/origin/main.lock"
    lock.touch()
    os.utime(lock, (time.time() - 60, time.time() - 60))
    assert mirror.fetch() == new
    assert not lock.exists()


def test_a_fresh_lock_is_not_taken_away(remote: Remote, mirror: GitMirror, tmp_path: Path) -> None:
    mirror.fetch()
    remote.change("main", {A: b"version: 2\n"})
    lock = tmp_path / "mirror.git/refs/remotes/origin/main.lock"
    lock.touch()
    with pytest.raises(ForgeUnavailable):
        mirror.fetch()
    assert lock.exists()


def test_two_processes_may_share_a_mirror(remote: Remote, mirror: GitMirror, tmp_path: Path) -> None:
    other = GitMirror(tmp_path / "mirror.git", str(remote.path))
    mirror.fetch()
    new = remote.change("main", {A: b"version: 2\n"})
    assert other.fetch() == new
    assert mirror.head() == new
    shutil.rmtree(tmp_path / "mirror.git")
    newer = remote.change("main", {A: b"version: 3\n"})
    assert GitMirror(tmp_path / "mirror.git", str(remote.path)).fetch() == newer
    assert mirror.fetch() == newer
    assert mirror.read(newer, [A]) == {A: b"version: 3\n"}


def test_the_default_branch_is_found_and_followed(remote: Remote, mirror: GitMirror) -> None:
    mirror.fetch()
    remote.git("branch", "-m", "main", "trunk")
    assert mirror.fetch() == remote.head("trunk") == mirror.head()


def test_a_missing_default_branch_is_said(remote: Remote, tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="no branch `production`"):
        GitMirror(tmp_path / "m.git", str(remote.path), "production").fetch()


def test_an_unknown_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="DEPLOYMENT_REMOTE_URL"):
        GitMirror(tmp_path / "m.git", str(tmp_path / "nowhere")).fetch()


def test_a_server_that_is_away_is_transient_and_keeps_the_mirror(remote: Remote, tmp_path: Path) -> None:
    head = GitMirror(tmp_path / "m.git", str(remote.path)).fetch()
    away = GitMirror(tmp_path / "m.git", "http://127.0.0.1:9/x.git", "main")
    with pytest.raises(ForgeUnavailable):
        away.fetch()
    assert GitMirror(tmp_path / "m.git", str(remote.path)).fetch() == head


def test_not_there_and_not_reachable_are_two_things(remote: Remote, tmp_path: Path) -> None:
    mirror = GitMirror(tmp_path / "m.git", str(remote.path))
    mirror.fetch()
    assert not mirror.ensure("f" * 40)
    remote.path.rename(tmp_path / "moved.git")
    with pytest.raises((ForgeUnavailable, Fatal)):
        mirror.ensure("f" * 40)


def test_a_server_that_hangs_is_given_up(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.git"
        started = time.monotonic()
        with pytest.raises(ForgeUnavailable):
            GitMirror(tmp_path / "m.git", url, "main", timeout=0.1).fetch()
        assert time.monotonic() - started < 10


def test_a_rule_of_the_remote_is_a_refusal(remote: Remote, mirror: GitMirror) -> None:
    hook = remote.path / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho 'Branches must be signed.' >&2\nexit 1\n")
    hook.chmod(0o755)
    head = mirror.fetch()
    made = mirror.commit(NewCommit((head,), head, {A: b"version: 2\n"}, "No", 1))
    with pytest.raises(Refused, match="Branches must be signed") as refused:
        mirror.push(made, "slackops/a")
    assert refused.value.reason == Reason.FORGE_REFUSED
    assert mirror.ref("slackops/a") is None


def test_waiting_fetches_share_one(mirror: GitMirror, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror.fetch()
    begun, release, count = threading.Event(), threading.Event(), []
    attempt = mirror._runner.attempt

    def slow(*args: str, **options: bool) -> tuple[int, bytes, str]:
        if args[0] == "fetch":
            count.append(1)
            begun.set()
            release.wait(10)
        return attempt(*args, **options)

    monkeypatch.setattr(mirror._runner, "attempt", slow)
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(mirror.fetch)
        begun.wait(10)
        waiting = [pool.submit(mirror.fetch) for _ in range(5)]
        while mirror._updates._lock.acquire(blocking=False):
            mirror._updates._lock.release()
        release.set()
        assert len({one.result(20) for one in [first, *waiting]}) == 1
    assert 1 <= len(count) <= 3


def test_no_secret_is_written_or_said(tmp_path: Path) -> None:
    secret = "ghs_verysecret"
    url = f"http://someone:{secret}@127.0.0.1:9/acme/x.git"
    with pytest.raises(ForgeUnavailable) as failed:
        GitMirror(tmp_path / "m.git", url, "main", credentials=lambda: secret).fetch()
    assert secret not in str(failed.value)
    assert "127.0.0.1:9" in (tmp_path / "m.git/config").read_text()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_the_token_is_asked_for_each_time_and_stays_out_of_the_url() -> None:
    tokens = iter(["one", "two"])
    remote = parse_remote("https://user:pass%40word@github.example:8443/acme/x.git", lambda: next(tokens))
    assert remote.url == "https://github.example:8443/acme/x.git"
    first, second = remote.settings(), remote.settings()
    assert list(first) == ["http.https://github.example:8443/.extraHeader"]
    assert first != second
    assert parse_remote("https://u:p@h/x", lambda: None).settings() != {}
    assert parse_remote("https://h/x", lambda: None).settings() == {}
    assert parse_remote("git@github.com:acme/x.git", lambda: "t").settings() == {}
    assert "pass" not in repr(remote)


def test_errors_are_scrubbed() -> None:
    said = scrub("fatal: unable to access 'https://x:tok@h/a.git/': header abc123", "abc123", "")
    assert said == "fatal: unable to access 'https://h/a.git/': header ***"


@pytest.mark.parametrize(
    ("text", "corrupt", "refused"),
    [
        ("fatal: Could not read from remote repository.", False, False),
        ("fatal: unable to access 'http://h/': Failed to connect", False, False),
        ("remote: fatal: bad object HEAD", False, False),
        ("error: object file objects/ab/cd is empty\nfatal: loose object abcd is corrupt", True, False),
        ("fatal: bad object refs/remotes/origin/main", True, False),
        ("remote: Repository not found.\nfatal: repository 'https://h/' not found", False, True),
        ("fatal: Authentication failed for 'https://h/'", False, True),
        ("fatal: could not read Username for 'https://h': terminal prompts disabled", False, True),
        ("fatal: unable to access 'https://h/': The requested URL returned error: 503", False, False),
    ],
)
def test_words_of_git_are_understood(text: str, corrupt: bool, refused: bool) -> None:
    failure = GitFailed("fetch", 128, text)
    assert (failure.corrupt, failure.refused) == (corrupt, refused)
    assert isinstance(failure.error(), Fatal if refused else ForgeUnavailable)
