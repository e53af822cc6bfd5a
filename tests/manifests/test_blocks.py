"""Blocks: the part of a file that a rollback brings back whole, and nothing else with it."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.change import Edit, Scalar
from bot.domain.policy import Binding, DocSelector
from bot.domain.policy.model import Block, Format, Target
from bot.errors import Refused
from bot.manifests import Rendered, block_text, foreign_edits, read, render, restore, unpin
from tests.manifests.targets import FILE, bound, encoded

NOW = """\
spec:
  predictor: # serving
    # the model
    uri: v2
    args: [a, b]
    # tail
  # beside
  replicas: 3
version: v2
"""
THEN = "spec:\n  predictor:\n    uri: v1\n    args: [a]\n  replicas: 1\nversion: v1\n"
D = "d: &d {a: 1}\n"
BACK = NOW.replace("    # the model\n    uri: v2\n    args: [a, b]\n    # tail\n", "    uri: v1\n    args: [a]\n")


def block(scope: str = "spec.predictor", format_: Format = "yaml", doc: DocSelector | None = None) -> Block:
    return Block(FILE, doc, scope, format_)


def restored(now: str, then: str, *bindings: Binding, scope: str = "spec.predictor", version: str = "v1") -> Rendered:
    chosen = Target("m", "prod", bindings or (bound(f"{scope}.uri"),), (block(scope),))
    return restore(chosen, {FILE: encoded(now)}, {FILE: encoded(then)}, {"version": version})


@pytest.mark.parametrize(
    ("text", "scope", "source"),
    [
        (NOW, "spec.predictor", "    # the model\n    uri: v2\n    args: [a, b]\n    # tail"),
        (THEN, "spec.predictor", "    uri: v1\n    args: [a]"),
        (THEN, "spec.predictor.uri", "v1"),
        (THEN, "spec.predictor.args", "[a]"),
        ("c:\n- name: a\n  tag: v1 # x\n# y\n- name: b\n", "c[name=a]", "name: a\n  tag: v1 # x"),
        ("c:\n- a\n- b\n# y\nd: 1\n", "c", "- a\n- b"),
        ("c: &c\n  a: |\n    x\n\n\n  # y\nd: 1\n", "c", "  a: |\n    x"),
        ("c:\r\n  a: 1\r\n  b: 2", "c", "  a: 1\r\n  b: 2"),
        ("\ufeffc: {a: 1, b: {c: 2}} # x\n", "c", "{a: 1, b: {c: 2}}"),
        ("c:\n  # only\n  a:\n    - 1\n", "c.a", "    - 1"),
    ],
)
def test_the_source_of_a_block(text: str, scope: str, source: str) -> None:
    assert block_text(block(scope), encoded(text)) == source


def test_the_block_comes_back_and_the_rest_stays() -> None:
    result = restored(NOW, THEN)
    assert result.files == {FILE: BACK.encode()}
    old, new = block_text(block(), encoded(NOW)), "    uri: v1\n    args: [a]"
    assert result.edits == (Edit(FILE, "spec.predictor", Scalar("block", old), Scalar("block", new), 3),)
    assert restored(BACK, THEN) == Rendered({}, ())


def test_what_is_bound_outside_is_filled_in() -> None:
    result = restored(NOW, THEN, bound("spec.predictor.uri"), bound("version"))
    assert result.files == {FILE: BACK.replace("version: v2", "version: v1").encode()}
    assert [(one.selector, one.line) for one in result.edits] == [("spec.predictor", 3), ("version", 9)]


@pytest.mark.parametrize(
    ("now", "then", "after"),
    [
        ("p: {uri: v2, b: 1} # x\nz: 2\n", "p: {uri: v1}\nz: 1\n", "p: {uri: v1} # x\nz: 2\n"),
        ("p:\n  b: 1\n  uri: v2", "p:\n  uri: v1\nz: 1\n", "p:\n  uri: v1"),
        ("p:\r\n  uri: v2\r\nz: 2\r\n", "p:\r\n  uri: v1\r\n  b: 1\r\n", "p:\r\n  uri: v1\r\n  b: 1\r\nz: 2\r\n"),
        ("\ufeffp:\n  uri: v2\n", "p:\n  uri: v1\n", "\ufeffp:\n  uri: v1\n"),
        (f"{D}p:\n  uri: v2\nz: 2\n", f"{D}p:\n  <<: *d\n  uri: v1\n", f"{D}p:\n  <<: *d\n  uri: v1\nz: 2\n"),
        ("p: &p\n  uri: v2\n", "p: &p\n  uri: v1\n  b: |+\n    x\n\n", "p: &p\n  uri: v1\n  b: |+\n    x\n\n"),
    ],
)
def test_restored(now: str, then: str, after: str) -> None:
    assert restored(now, then, scope="p").files[FILE].decode() == after


def test_json() -> None:
    chosen = Target("m", "prod", (replace(bound("p.uri"), format="json"),), (block("p", "json"),))
    now, then = b'{"p": {\n  "uri": "v2", "x": 1},\n "z": 2}\n', b'{"p": {"uri": "v1"}, "z": 1}'
    assert restore(chosen, {FILE: now}, {FILE: then}, {"version": "v1"}).files == {
        FILE: b'{"p": {"uri": "v1"},\n "z": 2}\n'
    }


def test_a_list_item_and_text_inside_a_block() -> None:
    now = "c:\n- name: a\n  conf: |\n    tag: v2\n  n: 1\n- name: b\n"
    then = "c:\n- name: b\n- name: a\n  conf: |\n    tag: v1\n"
    result = restored(now, then, bound("c[name=a].conf |yaml| tag"), scope="c[name=a]")
    assert result.files[FILE].decode() == "c:\n- name: a\n  conf: |\n    tag: v1\n- name: b\n"


@pytest.mark.parametrize(
    ("now", "then", "message"),
    [
        ("p: {uri: v2}\n", "p:\n  uri: v1\n", "written in another way"),
        ("p:\n  uri: v2\n", "p:\n    uri: v1\n", "indented or written in another way"),
        ("p:\n  uri: v2\n", "q: 1\n", "the block p is not there"),
        ("q: 2\n", "p:\n  uri: v1\n", "the block p is not there"),
        ("p:\n  uri: v2\n", "p:\n  uri: v0\n", "would hold 'v0', not v1"),
        ("p:\n  uri: v2\n", "p:\n  a: 1\n", "p.uri is not there"),
        ("p:\n  uri: v2\n", "p:\n  a: [\n", "not YAML"),
        ("d: &d {a: 2}\np:\n  uri: v2\n", "d: &d {a: 1}\np:\n  <<: *d\n  uri: v1\n", "change more than it"),
        ("p:\n  uri: v2\n", "d: &d {a: 1}\np:\n  <<: *d\n  uri: v1\n", "would break the file"),
        ("p:\n  uri: v2\n  x: &x 1\nb: *x\n", "p:\n  uri: v1\n  x: &x 2\nb: *x\n", "change more than it"),
        ("x: &x 1\np:\n  uri: v2\nb: *x\n", "p:\n  uri: v1\n  x: &x 2\n", "change more than it"),
        ("p: &p\n  uri: v2\nb: *p\n", "p:\n  uri: v1\n", "which an alias uses elsewhere"),
        ("p:\n  uri: v2", "p:\n  uri: v1\n  b: |\n    x\n", "change more than it"),
    ],
)
def test_not_restored(now: str, then: str, message: str) -> None:
    with pytest.raises(Refused, match=message) as caught:
        restored(now, then, scope="p")
    assert caught.value.unblock


def test_a_file_that_was_not_there_then() -> None:
    chosen = Target("m", "prod", (bound("p.uri"),), (block("p"),))
    with pytest.raises(Refused, match="at both commits") as caught:
        restore(chosen, {FILE: b"p: {uri: v2}\n"}, {}, {"version": "v1"})
    assert "--to VERSION" in (caught.value.unblock or "")


def test_edits_of_others_inside_the_block_are_told() -> None:
    steps = [
        (encoded(THEN), encoded(THEN.replace("replicas: 1", "replicas: 9"))),  # beside the block
        (encoded(THEN), encoded(THEN.replace("args: [a]", "args: [a, c]"))),
        (None, encoded("# gone\n")),
        (b"x", b"x"),
    ]
    told = foreign_edits(block(), steps)
    assert len(told) == 2
    assert "-    args: [a]\n+    args: [a, c]\n" in told[0]
    assert "replicas" not in "".join(told)
    assert "+# gone" in told[1]


PIECES = ["a:\n", "  b: ", "---\n", "&a ", "*a", "<<: ", "{a: ", "{{ x }}", *"ab:- \n\t{}[]&*|>'\"#,?!~1\r\ufeff"]
soup = st.lists(st.sampled_from(PIECES), max_size=40).map(lambda parts: "".join(parts).encode())
formats: st.SearchStrategy[Format] = st.sampled_from(("yaml", "json"))
places = st.sampled_from(["a", "a.b", "b.a", "a[0].b", "a[b=a].a", "a |yaml| b", "a.a.b", "[0].a", "a[0]"])


@settings(max_examples=600, deadline=None)
@given(soup, soup, places, places, formats, st.sampled_from(["insert", "inherit:x"]))
def test_nothing_but_a_result_or_a_refusal(
    now: bytes, then: bytes, at: str, scope: str, format_: Format, absent: str
) -> None:
    binding = Binding(FILE, None, at, "{version}", format=format_, absent=absent)
    chosen, values = Target("m", "prod", (binding,), (block(scope, format_),)), {"version": "v1"}
    assert read(chosen, {FILE: now}).message != ""
    foreign_edits(chosen.blocks[0], [(now, then), (then, None)])
    with contextlib.suppress(Refused):
        assert read(chosen, {FILE: now, **render(chosen, {FILE: now}, values).files}).version == "v1"
    with contextlib.suppress(Refused):
        assert read(chosen, {FILE: now, **unpin(chosen, {FILE: now}).files}).state in ("inherited", "not_pinned")
    with contextlib.suppress(Refused):
        files = {FILE: now, **restore(chosen, {FILE: now}, {FILE: then}, values).files}
        assert block_text(chosen.blocks[0], files[FILE]) == block_text(chosen.blocks[0], then)


keys = st.text(alphabet="abXY -./é", min_size=1, max_size=4).map(lambda text: f"k{text.strip()}")
leaves = st.text(alphabet="ab0 .:-#'\"{}[],&*\n", max_size=8) | st.integers() | st.none() | st.booleans()
parts = st.dictionaries(keys, leaves | st.lists(leaves, max_size=2) | st.dictionaries(keys, leaves, max_size=2))


def written(around: dict[str, object], inside: dict[str, object], version: str, flow: bool) -> bytes:
    tree = {**around, "spec": {"b": {**inside, "version": version}, "z": around}, "zz": 1}
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, default_flow_style=flow, width=60)
    return text.encode()


@settings(max_examples=200, deadline=None)
@given(parts, parts, parts, parts, st.booleans())
def test_the_block_of_then_in_the_file_of_now(
    now: dict[str, object], then: dict[str, object], inside: dict[str, object], past: dict[str, object], flow: bool
) -> None:
    files = [{FILE: written(now, inside, "v2", flow)}, {FILE: written(then, past, "v1", flow)}]
    chosen = Target("m", "prod", (bound("spec.b.version"),), (block("spec.b"),))
    try:
        result = restore(chosen, files[0], files[1], {"version": "v1"})
    except Refused:
        assert any(read(chosen, content).state != "pinned" for content in files)
        return
    assert yaml.safe_load(result.files[FILE]) == yaml.safe_load(written(now, past, "v1", flow))
    assert block_text(chosen.blocks[0], result.files[FILE]) == block_text(chosen.blocks[0], files[1][FILE])
    again = restore(chosen, result.files, files[0], {"version": "v2"})
    assert again.files == files[0]
