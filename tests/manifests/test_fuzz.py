"""No input hangs, explodes, or raises anything but a refusal, whichever format it is taken for."""

from __future__ import annotations

import contextlib
import time
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy import Binding
from bot.errors import Refused
from bot.manifests.formats import FORMATS
from tests.manifests.targets import FILE

Format = Literal["yaml", "json", "toml", "dotenv", "regex"]
ALL: list[Format] = ["yaml", "json", "toml", "dotenv", "regex"]
MILLION = 1_000_000
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 60))

marks = st.sampled_from(
    [*"ab:- \n\t\r{}[]&*!|>\"'=#,\\$1é\u2028\ufeff\x00", '"""', "'''", "export ", "[[a]]", "\\u00", "true"]
)
soup = st.lists(marks, max_size=60).map(lambda parts: "".join(parts).encode())
ats = st.sampled_from(
    ["a", "a.b", "[0]", "a[0].b", "a|yaml|b", "a|json|b", "(?P<value>[a-z]+)", "a=(?P<value>.*)", "(?P<value>"]
)


def _through(format_: Format, content: bytes, at: str, value: str) -> None:
    binding = Binding(FILE, None, at, "{version}", format=format_)
    with contextlib.suppress(Refused):
        file = FORMATS[format_](FILE, content)
        file.edited({file.leaf(binding).at: value})


@pytest.mark.parametrize("format_", ALL)
def test_nothing_but_a_refusal(format_: Format) -> None:
    @settings(max_examples=150, deadline=None)
    @given(soup | st.binary(max_size=80), ats | st.text(max_size=8), st.text(max_size=8))
    def check(content: bytes, at: str, value: str) -> None:
        _through(format_, content, at, value)

    check()


HOSTILE = {
    "laughs": LAUGHS + "a: 1\n",
    "laughs-json": "a: |\n" + "".join(f"  {line}\n" for line in LAUGHS.splitlines()),
    "scalar": "a: " + "x" * 10 * MILLION,
    "scalar-json": '{"a": "' + "x" * 10 * MILLION + '"}',
    "scalar-below-the-bound": 'a="' + "x" * 4 * MILLION + '"',
    "nested-flow": "[" * 100_000,
    "nested-pairs": '{"a":' * 100_000,
    "nested-block": "- " * 100_000,
    "nested-toml": "a = " + "[" * 100_000,
    "dotted-toml": "a." * 100_000 + "a = 1",
    "tables-toml": "[[a]]\n" * 100_000,
    "braces": "a: " + "{{ " * MILLION,
    "dollars": "a=" + "${" * MILLION,
    "escapes": 'a: "' + "\\n" * MILLION + '"',
    "quotes": "a: '" + "''" * MILLION + "'",
    "digits": '{"a":' + "1" * 4 * MILLION + "}",
    "lines": "a\n" * 2 * MILLION,
    "comments": "# a\n" * MILLION + "a: 1",
    "spaces": " " * 4 * MILLION + "a: 1",
    "dashes": ("-" * 499 + " " * 400 + "\n") * 4000,
}


@pytest.mark.parametrize("format_", ALL)
@pytest.mark.parametrize("name", HOSTILE)
def test_soon_done(format_: Format, name: str) -> None:
    start = time.process_time()
    for at in ("a", "a |yaml| b") if format_ != "regex" else ("a=(?P<value>.*)x", "(?P<value>(a|b)*)c"):
        _through(format_, HOSTILE[name].encode(), at, "42")
    assert time.process_time() - start < 20  # a second or two, on a slow machine
