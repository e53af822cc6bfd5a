"""Any YAML, any bound scalar, any value: only those bytes change, and what was written is read back."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.policy import Binding, DocSelector
from bot.domain.policy.selectors import Index, Key, Step, selector_text
from bot.errors import Refused
from bot.manifests import read, render
from bot.manifests.values import is_range
from tests.manifests.targets import FILE, target

MARK = "MARKMARK"
names = st.text(alphabet="abcXYZ_- ./é", min_size=1, max_size=6).map(lambda s: f"k{s.strip()}")
texts = st.text(alphabet="abz019 .:-#'\"{}[],&*!%@é😀\\/=_", max_size=12)
versions = st.one_of(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,12}", fullmatch=True),
    st.integers(0, 999).map(str),
    st.sampled_from(["1.5", "1.10", "2.6.2", "1e3", "0x1f", "yes", "null", "1_0", "2024-01-01", "017", "0.0"]),
).filter(lambda version: version != "latest" and not is_range(version))
styles = st.sampled_from(["'", '"', ""])
prefixes = st.sampled_from(["", "", "", "v", "s3://m/x/", "reg.io:5000/x:", "it's: #", "é "])


@dataclass(frozen=True)
class Sample:
    """A text, with the path of the scalar that ``old`` stands in."""

    text: str
    path: tuple[Step, ...]
    template: str
    old: str


trees = st.recursive(
    texts | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)


def _planted(tree: object, route: list[int], path: tuple[Step, ...]) -> tuple[object, tuple[Step, ...]]:
    """The tree with the mark hidden somewhere in it."""
    here = route.pop() if route else 0
    if isinstance(tree, dict) and tree and here % 3:
        key = sorted(tree)[here % len(tree)]
        inner, found = _planted(tree[key], route, (*path, Key(key)))
        return {**tree, key: inner}, found
    if isinstance(tree, list) and tree and here % 3:
        place = here % len(tree)
        inner, found = _planted(tree[place], route, (*path, Index(place)))
        return [*tree[:place], inner, *tree[place + 1 :]], found
    if isinstance(tree, dict):
        return {**tree, "kBound": MARK}, (*path, Key("kBound"))
    return [tree, MARK], (*path, Index(1))


def _quoted(text: str, style: str) -> str:
    if style == '"':
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "'" + text.replace("'", "''") + "'" if style == "'" else text


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    tree, path = _planted(draw(trees), draw(st.lists(st.integers(0, 9), max_size=5)), ())
    prefix, old = draw(prefixes), draw(versions)
    flow = draw(st.sampled_from([True, False, None]))
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, width=draw(st.sampled_from([20, 200])))
    written = _quoted(prefix + old, draw(styles))
    text = text.replace(MARK, written)
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "  # note\n"]))) if "|" not in text else text
    text = draw(st.sampled_from(["", "# é {x}\n", "\ufeff", "%YAML 1.1\n---\n"])) + text
    return Sample(text.rstrip("\n") if draw(st.booleans()) else text, path, prefix + "{version}", old)


def _loads(text: str) -> bool:
    try:
        yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(samples(), versions)
def test_only_those_bytes_change(sample: Sample, version: str) -> None:
    assume(_loads(sample.text))
    chosen = target(Binding(FILE, None, selector_text(sample.path), sample.template))
    before = sample.text.encode()
    try:
        result = render(chosen, {FILE: before}, {"version": version})
    except Refused:
        assert read(chosen, {FILE: before}).state in ("unreadable", "not_pinned")
        return
    after = result.files.get(FILE, before)
    assert read(chosen, {FILE: after}).version == version
    _assert_equal_around(before.decode(), after.decode(), result.edits[0].new.text if result.edits else "")
    back = render(chosen, {FILE: after}, {"version": sample.old}).files.get(FILE, after)
    assert read(chosen, {FILE: back}).version == sample.old
    if read(chosen, {FILE: before}).version == sample.old and _quotes(back) == _quotes(before):
        assert back == before


def _quotes(text: bytes) -> int:
    """A plain value that had to be quoted stays quoted."""
    return text.count(b'"') + text.count(b"'")


def _assert_equal_around(before: str, after: str, new: str) -> None:
    """Both texts are the same but for one stretch, which holds the new value in the second."""
    if before == after:
        return
    head = next(i for i, (a, b) in enumerate(zip(before + "\0", after + "\0", strict=False)) if a != b)
    tail = next(i for i, (a, b) in enumerate(zip(before[::-1] + "\0", after[::-1] + "\0", strict=False)) if a != b)
    tail = min(tail, len(before) - head, len(after) - head)
    changed = after[head : len(after) - tail]
    assert "\n" not in changed
    assert len(changed) <= len(_quoted(new, '"')) + 2


soup = st.lists(
    st.sampled_from(
        [*"ab:- \n\t{}[]&*!|>'\"#,?%@`~19é😀\r\u2028\ufeff", "---\n", "&a ", "*a", "<<: ", "- ", "a: ", "{{ x }}"]
    ),
    max_size=60,
).map(lambda parts: "".join(parts).encode())
selectors = st.sampled_from(["a", "a.b", "a.a", "[0]", "[1].a", "a[k=v].b", "[a=b].a", '"a b"', "a[0][0]"]) | texts


@settings(max_examples=400, deadline=None)
@given(
    soup | st.binary(max_size=80),
    selectors,
    st.sampled_from(["{version}", "v{version}/x", "{run_id}"]) | texts,
    st.sampled_from([None, DocSelector("a", None), DocSelector(None, "b")]),
    versions | texts,
)
def test_nothing_but_a_result_or_a_refusal(
    content: bytes, at: str, template: str, doc: DocSelector | None, version: str
) -> None:
    chosen = target(Binding(FILE, doc, at, template))
    assert read(chosen, {FILE: content}).state in ("pinned", "not_pinned", "mixed", "unreadable")
    with contextlib.suppress(Refused):
        render(chosen, {FILE: content}, {"version": version, "run_id": version})
