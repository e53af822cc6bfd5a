"""CODEOWNERS as GitHub reads it: the examples of its documentation, its exceptions, and hostile patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.codeowners import MAX_BYTES, glob, owners_of, parse_owners, read_owners, wanted

FILE = """
# a comment
*       @all @more
*.js    @js #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/manuals/ @doctocat
**/logs @logger
/own/ @octocat
/own/free
a\\ b @blank
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README", ("@all", "@more")),
        ("src/deep/x.js", ("@js",)),
        ("x.JS", ("@all", "@more")),
        ("x.go", ("docs@example.com",)),
        ("a/b.txt", ("@octo-org/octocats",)),
        ("build/logs", ("@logger",)),
        ("build/logs/x/y", ("@logger",)),
        ("docs/one.md", ("docs@example.com",)),
        ("docs/build/two.md", ("@all", "@more")),
        ("sub/docs/one.md", ("@all", "@more")),
        ("x/apps/y", ("@octocat",)),
        ("apps", ("@all", "@more")),
        ("manuals/deep/x", ("@doctocat",)),
        ("sub/manuals/x", ("@all", "@more")),
        ("deep/er/logs/x", ("@logger",)),
        ("own/x", ("@octocat",)),
        ("own/free", ()),
        ("own/free/x", ()),
        ("a b", ("@blank",)),
    ],
)
def test_the_last_match_wins(path, owners):
    assert owners_of(parse_owners(FILE), path) == owners


@pytest.mark.parametrize(
    "line", ["!*.js @x", "[ab].js @x", "\\#x @x", "*.js not-an-owner", "*.js @x rest", "/ @x", "# x"]
)
def test_faulty_lines_are_skipped_whole(line):
    assert parse_owners(f"* @all\n{line}") == parse_owners("* @all")


def test_the_first_place_counts_and_a_huge_file_does_not():
    files = {"CODEOWNERS": b"* @root", "docs/CODEOWNERS": b"* @docs"}
    assert owners_of(read_owners(files), "x") == ("@root",)
    assert owners_of(read_owners(files | {".github/CODEOWNERS": b"* @hidden"}), "x") == ("@hidden",)
    assert read_owners({"CODEOWNERS": b"* @root\n" + b"#" * MAX_BYTES}) == ()
    assert read_owners({}) == ()


def test_one_of_each_set_is_wanted_once():
    lines = parse_owners("* @all\n*.yaml @ops @sre")
    assert wanted(lines, ["b.yaml", "a.yaml", "x"]) == (("@ops", "@sre"), ("@all",))


def test_hostile_patterns_take_bounded_time():
    assert not glob("*a" * 500 + "b", "a" * 5_000)
    assert owners_of(parse_owners("**/" * 200 + "x @y"), "a/" * 200 + "b") == ()


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_is_read(text, path):
    assert isinstance(owners_of(parse_owners(text), path), tuple)


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=8))
def test_wildcards_mean_what_they_say(pattern, text):
    def slow(p: str, t: str) -> bool:
        if not p:
            return not t
        if p[0] == "*":
            return slow(p[1:], t) or (bool(t) and slow(p, t[1:]))
        return bool(t) and p[0] in ("?", t[0]) and slow(p[1:], t[1:])

    assert glob(pattern, text) is slow(pattern, text)
