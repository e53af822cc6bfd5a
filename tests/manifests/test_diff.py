"""The diff is one that Git applies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.manifests import unified_diff


def test_it_looks_like_gits() -> None:
    before = {"a/b.yaml": b"x: 1\ntag: 41\ny: 2\n", "same.yaml": b"z"}
    assert unified_diff(before, {**before, "a/b.yaml": b"x: 1\ntag: 42\ny: 2\n"}) == (
        "diff --git a/a/b.yaml b/a/b.yaml\n--- a/a/b.yaml\n+++ b/a/b.yaml\n"
        "@@ -1,3 +1,3 @@\n x: 1\n-tag: 41\n+tag: 42\n y: 2\n"
    )


def test_nothing_changed() -> None:
    assert unified_diff({"a": b"x"}, {"a": b"x"}) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a: 1\r\nb: 2\r\n", b"a: 1\r\nb: 3\r\n"),
        (b"a: 1\nb: 2", b"a: 1\nb: 3"),
        (b"a: 1", b"a: 2\n"),
        (b"a: \x0c1\x85\nb\n", b"a: \x0c2\x85\nb\n"),
        ("é\u2028x\n1\n".encode(), "é\u2028x\n2\n".encode()),
        (b"", b"new\n"),
    ],
)
def test_git_applies_it(tmp_path: Path, before: bytes, after: bytes) -> None:
    if b"\x85" in before:
        before, after = before.replace(b"\x85", "\x85".encode()), after.replace(b"\x85", "\x85".encode())
    (tmp_path / "f.yaml").write_bytes(before)
    patch = unified_diff({"f.yaml": before}, {"f.yaml": after}).encode()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, check=True)
    assert (tmp_path / "f.yaml").read_bytes() == after


def test_files_that_come_and_go() -> None:
    text = unified_diff({"old": b"x\n"}, {"new": b"y\n"})
    assert "--- /dev/null\n+++ b/new\n" in text
    assert "--- a/old\n+++ /dev/null\n" in text
