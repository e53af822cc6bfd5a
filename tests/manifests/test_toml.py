"""TOML: where values stand, how they are written, and what is refused."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.change import Scalar
from bot.domain.policy import Binding
from bot.errors import Refused
from bot.manifests.toml_format import TomlFile
from bot.manifests.toml_places import places, values

EVERYTHING = """
title = "x" # {{ somebody's }}
"a.b"."c d" = '41'
[ models . "fraud" ]
version = "41"   # keep
list = [ "a", # in
  "41",
  { name = "z", v = "41", deep = [[], [1, 2]] }, ]
a.b.c = 41
when = 1979-05-27 07:32:00Z
times = [07:32:00, 1979-05-27]
[other]
k = 1_000
pi = 3.5
on = true
[[dep]]
name = "one"
version = '''41'''
[[dep.sub]]
v = 1
[[dep]]
name = "tw\\"o"
version = \"\"\"41\"\"\"\"\"
[dep.sub]
x = ''
[models.fraud.later]
v = '''
41
'''
empty = {}
none = []
"""


def bound(at: str) -> Binding:
    return Binding("a.toml", None, at, "{version}", format="toml")


def edited(text: str, at: str, value: str) -> tuple[Scalar, str]:
    file = TomlFile("a.toml", text.encode())
    made = file.edited({file.leaf(bound(at)).at: value})
    (scalar,) = made.scalars.values()
    return scalar, made.content.decode()


@pytest.mark.parametrize("text", [EVERYTHING, EVERYTHING.replace("\n", "\r\n")], ids=["lf", "crlf"])
def test_every_value_has_its_place(text: str) -> None:
    read = {path: value for path, value in values(tomllib.loads(text)) if value not in ({}, [])}
    found = places(text).values
    assert set(found) == set(read)
    for path, (start, end) in found.items():
        assert tomllib.loads(f"x = {text[start:end]}\n")["x"] == read[path]


@pytest.mark.parametrize(
    ("at", "value", "old", "new"),
    [
        ('"a.b"."c d"', "42", "= '41'\n", "= '42'\n"),
        ("models.fraud.version", "v5", '"41"   # keep', '"v5"   # keep'),
        ("models.fraud.list[1]", "42", '  "41",', '  "42",'),
        ("models.fraud.list[name=z].v", "42", 'v = "41",', 'v = "42",'),
        ("models.fraud.a.b.c", "42", "c = 41", "c = 42"),
        ("models.fraud.a.b.c", "1.0", "c = 41", 'c = "1.0"'),
        ("models.fraud.a.b.c", "1.10", "c = 41", 'c = "1.10"'),
        ("models.fraud.a.b.c", "v5", "c = 41", 'c = "v5"'),
        ("other.k", "7", "1_000", "7"),
        ("other.pi", "4.25", "3.5", "4.25"),
        ("other.on", "yes", "on = true", 'on = "yes"'),
        ("dep[name=one].version", "42", "'''41'''", "'''42'''"),
        ("dep[0].version", "it's", "'''41'''", '"""it\'s"""'),
        ("dep[1].version", 'a"\\b', '"""41"""""', '"""a\\"\\\\b"""'),
        ("dep[0].sub[0].v", "2", "v = 1\n", "v = 2\n"),
    ],
)
def test_only_the_value_changes(at: str, value: str, old: str, new: str) -> None:
    assert EVERYTHING.count(old) == 1
    scalar, text = edited(EVERYTHING, at, value)
    assert text == EVERYTHING.replace(old, new)
    assert scalar.text == value


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        (EVERYTHING, "models.fraud.when", "is a date or a time"),
        (EVERYTHING, "models.fraud.times[0]", "is a date or a time"),
        (EVERYTHING, "models.fraud.later.v", "holds several lines"),
        (EVERYTHING, "dep[1].sub.x", "is empty"),
        (EVERYTHING, "models.fraud", "selects a table"),
        (EVERYTHING, "models.fraud.list", "selects a list"),
        (EVERYTHING, "models.fraud.verion", "models.fraud.verion is not there, did you mean version?"),
        (EVERYTHING, "dep[2].version", "dep[2] is not there"),
        ('a = [{n = "x", v = 1}, {n = "x", v = 2}]', "a[n=x].v", "selects 2 values, expected 1"),
        ("a = 1\na = 2", "a", "not TOML"),
        ("a = {{ x }}", "a", "is a template"),
        ("a = 1 # {{- if x }}", "a", "is a template"),
        ('a = "${X}"', "a", "which another tool fills in"),
        ("a = nope", "a", "not TOML"),
        ('a = "', "a", "is not expected here"),
        ("a = " + "1" * 5000, "a", "not TOML"),
        ("a = " + "[" * 70 + "]" * 70, "a", "levels deep"),
        ("a" + ".a" * 70 + " = 1", "a", "more than 64 parts"),
    ],
)
def test_refused(text: str, at: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        TomlFile("a.toml", text.encode()).leaf(bound(at))
    assert message in caught.value.message


def test_a_selector_must_still_lead_to_the_new_value() -> None:
    with pytest.raises(Refused, match="would not be found again"):
        edited(EVERYTHING, "dep[0].sub[v=1].v", "2")


@pytest.mark.parametrize("text", ["a = 0x" + "f" * 9000, "a = nan\nb = [inf, -nan]", "a = 1.0\nb = true"])
def test_odd_numbers_elsewhere_do_no_harm(text: str) -> None:
    assert edited(f'{text}\ntag = "v41"\n', "tag", "v42")[1] == f'{text}\ntag = "v42"\n'


@pytest.mark.parametrize(
    "text",
    [
        "[" * 900_000,
        "a." * 400_000 + "a = 1",
        "a = " + "[" * 60 + "1," * 400_000,
        'a = """' + '\\"""' * 200_000,
        "[[a]]\n" * 100_000,
        "a = {" + "b = {" * 60 + "}" * 61,
    ],
    ids=["nested", "dotted", "many", "quotes", "tables", "inline"],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    with pytest.raises(Refused):
        TomlFile("a.toml", text.encode()).leaf(bound("tag"))
    assert time.process_time() - start < 10


keys = st.text(alphabet='ab.-"é ', min_size=1, max_size=4)
scalars = st.one_of(st.integers(-9, 99), st.booleans(), st.text(alphabet="av4.\"'\\é #=[]{}", max_size=6))
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=12
)


def source(value: object) -> str:
    """A value as an inline value."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {source(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(source, value)) + "]"
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower()


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(keys, trees, max_size=4), st.dictionaries(keys, trees, max_size=4))
def test_any_tree_has_its_places(top: dict[str, object], table: dict[str, object]) -> None:
    lines = [*(f"{quoted(key)} = {source(value)}" for key, value in top.items()), "[zz.t] # x"]
    text = "\n".join([*lines, *(f" {quoted(key)}={source(value)}\r" for key, value in table.items()), ""])
    read = {path: value for path, value in values(tomllib.loads(text)) if value not in ({}, []) or value is False}
    found = places(text).values
    assert set(found) == set(read)
    assert all(tomllib.loads(f"x = {text[a:b]}\n")["x"] == read[path] for path, (a, b) in found.items())
