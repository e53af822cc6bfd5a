"""Any document, any bound scalar, any value that its type allows, at any depth of texts in texts: only those bytes
change, reading back gives the value, and editing back gives the original file."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import Any

import yaml
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from bot.domain.policy.selectors import Index, Inside, Key, Step, selector_text
from bot.errors import Refused
from bot.manifests.json_format import JsonFile
from bot.manifests.tree_file import TreeFile
from bot.manifests.yaml_format import YamlFile
from tests.manifests.targets import FILE, bound

FORMATS: dict[str, type[TreeFile]] = {"yaml": YamlFile, "json": JsonFile}
words = st.text(alphabet="abz019 .:-#'\"{}[],&*!%@é😀\\/=_|>\t\u2028", max_size=10)
keys = st.text(alphabet='abcXYZ_- ./é"', min_size=1, max_size=5).map(lambda key: f"k{key.strip()}")
values = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12) | words
SAFE = ("v1", "a-b", "2.6.2")  # text that stands plain anywhere
widths = st.sampled_from([20, 2**20])
plain = st.sampled_from(["v1", "42", "1.5", "a-b", "2.6.2", "s3://x/y"])
trees = st.recursive(
    words | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@dataclass(frozen=True)
class Sample:
    """A text that says ``old`` at the end of ``path``."""

    format: str
    text: str
    path: tuple[Step, ...]
    old: str


def _around(tree: Any, leaf: object, route: list[int]) -> tuple[Any, tuple[Step, ...]]:
    """The tree with the leaf somewhere in it, and the way there."""
    if route and isinstance(tree, dict) and tree:
        key = sorted(tree)[route[0] % len(tree)]
        inner, path = _around(tree[key], leaf, route[1:])
        return {**tree, key: inner}, (Key(key), *path)
    if route and isinstance(tree, list) and tree:
        place = route[0] % len(tree)
        inner, path = _around(tree[place], leaf, route[1:])
        return [*tree[:place], inner, *tree[place + 1 :]], (Index(place), *path)
    if isinstance(tree, dict):
        return {**tree, "kBound": leaf}, (Key("kBound"),)
    return [tree, leaf], (Index(1),)


class _Quoted(str):
    """Text to be written in a style of its own."""

    __slots__ = ("style",)
    style: str


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_multi_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=text.style)
)


def _styled(text: str, style: str) -> str:
    quoted = _Quoted(text)
    quoted.style = style
    return quoted


@st.composite
def texts(draw: st.DrawFn, leaf: Any, format_: str) -> tuple[str, tuple[Step, ...]]:
    """A document of the format that holds the leaf."""
    tree, path = _around(draw(trees), leaf, draw(st.lists(st.integers(0, 9), max_size=4)))
    if format_ == "json":
        indent, ascii_ = draw(st.sampled_from([None, 0, 3])), draw(st.booleans())
        return json.dumps(tree, indent=indent, ensure_ascii=ascii_) + draw(st.sampled_from(["", "\n"])), path
    flow, width = draw(st.sampled_from([True, False, None])), 2**20 if "\n" in str(leaf) else draw(widths)
    return yaml.dump(
        tree, Dumper=_Dumper, allow_unicode=draw(st.booleans()), default_flow_style=flow, width=width
    ), path


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    old = draw(plain)
    formats = draw(st.lists(st.sampled_from(["yaml", "json"]), min_size=1, max_size=4))
    leaf: Any = old
    path: tuple[Step, ...] = ()
    for depth, format_ in enumerate(reversed(formats)):
        styles = ['"', "|"] if "\n" in leaf else ["'", '"', "|"]
        style = draw(st.sampled_from(styles if depth else [*styles, ">", ""]))
        text, more = draw(texts(_styled(leaf, style) if format_ == "yaml" else leaf, format_))
        path = (*more, *((Inside(formats[-depth]), *path) if depth else ()))
        leaf = text
    eol, mark = draw(st.sampled_from(["\n", "\r\n"])), draw(st.sampled_from(["", "\ufeff"]))
    return Sample(formats[0], mark + leaf.replace("\n", eol), path, old)


def _opened(sample: Sample, content: bytes) -> tuple[TreeFile, str, str]:
    file = FORMATS[sample.format](FILE, content)
    leaf = file.leaf(bound(selector_text(sample.path), format=sample.format))
    return file, leaf.at, leaf.scalar.text


@settings(max_examples=300, deadline=None)
@given(samples(), values | plain)
def test_only_the_bound_bytes_change(sample: Sample, new: str) -> None:
    before = sample.text.encode()
    try:
        file, at, seen = _opened(sample, before)
    except Refused:
        reject()
    assert seen == sample.old
    try:
        edited = file.edited({at: new})
    except Refused:
        assert new not in SAFE
        return
    after, now, text = _opened(sample, edited.content)
    assert (text, edited.scalars[now].text) == (new, new)
    back = after.edited({now: sample.old})
    if edited.scalars[now].type == file.leaf(bound(selector_text(sample.path))).scalar.type:
        assert _without_quotes(back.content) == _without_quotes(before)
    if new in SAFE and sample.old in SAFE:
        assert back.content == before


def _without_quotes(content: bytes) -> bytes:
    """A plain value that had to be quoted stays quoted."""
    return content.replace(b'"', b"").replace(b"\\", b"").replace(b"'", b"")


soup = st.lists(
    st.sampled_from(
        [*"ab:- \n\t{}[]&*!|>'\",\\1é\r\u2028\ufeff\x00", "\\u", "\\ud800", "true", '"a":', "---\n", "a: ", "a: |\n  "]
    ),
    max_size=60,
).map(lambda parts: "".join(parts).encode())
ats = st.sampled_from(
    ["a", "a.b", "[0]", "[0].a", "a|yaml|a", "a|json|a", "a|yaml|a|json|[0]", "[1]|json|a", "[a=b].a"]
)


@settings(max_examples=500, deadline=None)
@given(soup | st.binary(max_size=60), ats, st.sampled_from(["yaml", "json"]), values | plain)
def test_nothing_but_a_refusal(content: bytes, at: str, format_: str, value: str) -> None:
    with contextlib.suppress(Refused):
        file = FORMATS[format_](FILE, content)
        leaf = file.leaf(bound(at, format=format_))
        edited = file.edited({leaf.at: value})
        assert FORMATS[format_](FILE, edited.content).leaf(bound(at, format=format_)).scalar.text == value
