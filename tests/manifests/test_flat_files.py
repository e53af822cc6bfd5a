"""dotenv files, and any text by a regular expression: quotes, doubles and what is refused."""

from __future__ import annotations

import contextlib
import io
import time

import pytest
from dotenv import dotenv_values

from bot.domain.policy import Binding
from bot.errors import Refused
from bot.manifests.dotenv_format import DotenvFile
from bot.manifests.regex_format import RegexFile


def dotenv(text: str, value: str, at: str = "TAG") -> str:
    file = DotenvFile(".env", text.encode())
    leaf = file.leaf(Binding(".env", None, at, "{version}", format="dotenv"))
    made = file.edited({leaf.at: value}).content.decode()
    assert dotenv_values(stream=io.StringIO(made), interpolate=True)[leaf.at.strip('"')] == value
    return made


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("TAG=v41", "v42", "TAG=v42"),
        ("TAG = v41 # c\n", "v42", "TAG = v42 # c\n"),
        ("  export TAG=v41\nB=1\n", "v42", "  export TAG=v42\nB=1\n"),
        ("\n\n'TAG'=v41\r\n", "v42", "\n\n'TAG'=v42\r\n"),
        ("TAG='v41' # 'c'\n", "v42", "TAG='v42' # 'c'\n"),
        ('TAG="v41"\nA="{{x}}"\n', "v42", 'TAG="v42"\nA="{{x}}"\n'),
        ("TAG=v41\n", "a b", 'TAG="a b"\n'),
        ("TAG=v41\n", "a#b", 'TAG="a#b"\n'),
        ("TAG=v41\n", 'a"b', "TAG='a\"b'\n"),
        ("TAG='v41'\n", "it's", 'TAG="it\'s"\n'),
        ("TAG=a b\n", "v42", "TAG=v42\n"),
        ("A=${B}\nTAG=v41\nA=2\nC\n", "v42", "A=${B}\nTAG=v42\nA=2\nC\n"),
        ("TAG=v41\nA='multi\nline'\n", "v42", "TAG=v42\nA='multi\nline'\n"),
        ("my.tag-x=v41\n", "v42", "my.tag-x=v42\n"),
    ],
)
def test_dotenv(before: str, value: str, after: str) -> None:
    assert dotenv(before, value, '"my.tag-x"' if "my." in before else "TAG") == after


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("TAG=1\nTAG=1\n", "'TAG' is repeated 2 times"),
        ("TAGS=1\n", "'TAG' is not there, did you mean TAGS?"),
        ("TAG\n", "TAG has no value"),
        ("TAG=\n", "TAG is empty"),
        ("TAG=''\n", "TAG is empty"),
        ("TAG=$X\n", "which a shell fills in"),
        ('TAG="a-${X}"\n', "which a shell fills in"),
        ("TAG=`git rev-parse HEAD`\n", "which a shell fills in"),
        ("TAG='${X}'\n", "which another tool fills in"),
        ('TAG="a\\tb"\n', "a backslash"),
        ("TAG='a\nb'\n", "several lines"),
        ("TAG='a\n", "line 1 is not KEY=value"),
        ("TAG=1\n='x'y\n", "is not KEY=value"),
        ("TAG=1\nA={{ x }}\n", "is a template"),
        ("TAG=1\n# {% if x %}\n", "is a template"),
        ("TAG=1" + " " * 300 + "\n", "256 blanks in a row"),
        ("TAG=1\n" + "#" * 300_000, "at most 262144 are read"),
    ],
)
def test_dotenv_refused(text: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        dotenv(text, "v42")
    assert message in caught.value.message


@pytest.mark.parametrize("value", ["a'b\"c", "it's\\", "a\"$b'", "a\nb"])
def test_what_a_dotenv_file_cannot_say(value: str) -> None:
    with pytest.raises(Refused):
        dotenv("TAG=v41\n", value)


def test_no_dotenv_file_takes_long() -> None:
    start = time.process_time()
    for text in ("TAG=1" + (" " * 255 + "x") * 1000, "'" * 250_000, 'A="' * 80_000, "\n" * 255 + "A=1" * 80_000):
        with contextlib.suppress(Refused):
            dotenv(text, "v42")
    assert time.process_time() - start < 10


def regex(text: str, at: str, value: str = "v42") -> str:
    file = RegexFile("a.txt", text.encode())
    leaf = file.leaf(Binding("a.txt", None, at, "{version}", format="regex"))
    return file.edited({leaf.at: value}).content.decode()


@pytest.mark.parametrize(
    ("text", "at", "after"),
    [
        ("a = v41\nb = v41\n", "^a = (?P<value>.+)$", "a = v42\nb = v41\n"),
        ("é a = v41\r\n", r"a = (?P<value>\S+)", "é a = v42\r\n"),
        ("FROM m:v41 AS x\nFROM n:v41\n", r"FROM (?:m):(?<value>\S+)", "FROM m:v42 AS x\nFROM n:v41\n"),
        ("<v>v41</v>", "<(v)>(?P<value>[^<]+)</v>", "<v>v42</v>"),
        ("v41", "(?P<value>v.+)", "v42"),
    ],
)
def test_regex(text: str, at: str, after: str) -> None:
    assert regex(text, at) == after


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("a = v41\na = v41\n", "^a = (?P<value>.+)$", "matches more than once (lines 1 and 2)"),
        ("b = v41\n", "^a = (?P<value>.+)$", "matches nothing, expected 1 match"),
        ("a = \n", "^a = (?P<value>.*)$", "is empty"),
        ("a = {x}\n", "^a = (?P<value>.*)$", "which another tool fills in"),
        ("a = v\nw\n", "(?s)^a = (?P<value>.*)w", "several lines"),
        ("a = v\n", "^a = (?:(?P<value>x)|v)$", "its group value does not"),
        ("a = v\n", "^a = (?P<value>v41|v)$", "would not be found again"),
        ("a = v\n", "a(", "no RE2 regular expression"),
        ("ab" * 2_000_000, "^(?:[ab]*a[ab]{500})(?P<value>c)$", "too large for an expression like"),
    ],
)
def test_regex_refused(text: str, at: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        regex(text, at)
    assert message in caught.value.message


def test_two_expressions_for_one_place() -> None:
    file = RegexFile("a.txt", b"a = v41\n")
    bindings = [
        Binding("a.txt", None, at, "{version}", format="regex") for at in ("a = (?P<value>.+)", "= (?P<value>v.+)")
    ]
    leaves = [file.leaf(binding) for binding in bindings]
    with pytest.raises(Refused, match="overlaps another bound value"):
        file.edited({leaf.at: "v42" for leaf in leaves})
