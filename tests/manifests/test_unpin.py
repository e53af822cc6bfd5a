"""Un-pin: the keys that pin go, with what held nothing else; all other bytes stay."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.change import Edit, Scalar
from bot.domain.policy import Binding, Target
from bot.domain.policy.model import Format
from bot.domain.policy.selectors import Key, selector_text
from bot.errors import Reason, Refused
from bot.manifests import Rendered, read, render, unpin
from tests.manifests.targets import FILE, bound, encoded, target

SEVERAL = """\
# head
image:
  repository: x
  tag: v1 # pinned
meta: {run: r1}
---
other: 1
"""


def pinned(at: str = "image.tag", absent: str = "inherit:staging", format_: Format = "yaml", **more: str) -> Binding:
    return replace(bound(at, more.pop("template", "{version}"), **more), absent=absent, format=format_)


def unpinned(text: str, chosen: Target) -> Rendered:
    return unpin(chosen, {FILE: encoded(text)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("image:\n  a: 1\n  tag: v1 # c\nz: 1\n", "image:\n  a: 1\nz: 1\n"),
        ("image:\n  tag: v1\n  # keeps\n  a: 1\n", "image:\n  # keeps\n  a: 1\n"),
        ("image:\n  # gone\n  tag: v1\n\n# stays\nz: 1\n", "\n# stays\nz: 1\n"),
        ("image:\n  tag:\n    v1\n  a: 1\n", "image:\n  a: 1\n"),
        ("image:\n  tag: |\n    v1\n\n  a: 1\n", "image:\n\n  a: 1\n"),
        ("image:\n  ? tag\n  : v1\nz: 1\n", "z: 1\n"),
        ("a: 1\r\nimage:\r\n  tag: v1\r\nz: 1\r\n", "a: 1\r\nz: 1\r\n"),
        ("a: 1\r\nimage:\r\n  tag: v1", "a: 1"),
        ("\ufeffimage:\n  tag: v1\nz: 1\n", "\ufeffz: 1\n"),
        ("image:\n  tag: &v v1\nz: 1\n", "z: 1\n"),
        # a document that is left with nothing
        ("# a\nimage:\n  # b\n  tag: v1 # c\n# d\n", "# a\n{}\n# d\n"),
        ("---\nimage:\n  tag: v1\n---\nz: 1\n", "---\n{}\n---\nz: 1\n"),
        ("image: {tag: v1}", "{}"),
        ("--- {image: {tag: v1}} # c\n", "--- {} # c\n"),
        ("&r\nimage: {tag: v1}\n", "&r\n{}\n"),
        # flow mappings
        ("image: {tag: v1, a: b}\n", "image: {a: b}\n"),
        ("image: {a: b, tag: v1}\n", "image: {a: b}\n"),
        ("image: {a: b, tag: v1,}\n", "image: {a: b,}\n"),
        ("{a: 1, image: {tag: v1}, z: 1}\n", "{a: 1, z: 1}\n"),
        ("{\n  a: 1, # a\n  image: {tag: v1} # c\n}\n", "{\n  a: 1 # a\n}\n"),
        ("{\n  image: {tag: v1}, # c\n  a: 1 # a\n}\n", "{\n  a: 1 # a\n}\n"),
        ('{ "image": { "tag": "v1"\n , "a": 1 } }\n', '{ "image": { "a": 1 } }\n'),
    ],
)
def test_taken_out_of_yaml(before: str, after: str) -> None:
    chosen = target(pinned())
    result = unpinned(before, chosen)
    assert result.files[FILE].decode() == after
    assert [(one.old.text, one.new) for one in result.edits] == [("v1", Scalar("absent", ""))]
    seen = read(chosen, result.files)
    assert (seen.state, seen.inherits, seen.version) == ("inherited", "staging", None)
    assert unpin(chosen, result.files) == Rendered({}, ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": [], "image": {"tag": "v1"}, "z": 1}', '{"a": [], "z": 1}'),
        ('{\n  "a": 1,\n  "image": {\n    "tag": "v1"\n  }\n}\n', '{\n  "a": 1\n}\n'),
        ('{\n  "image": {\n    "tag": "v1",\n    "a": 1\n  }\n}\n', '{\n  "image": {\n    "a": 1\n  }\n}\n'),
        ('{\n  "image": {\n    "tag": "v1"\n  }\n}\n', "{}\n"),
    ],
)
def test_taken_out_of_json(before: str, after: str) -> None:
    assert unpinned(before, target(pinned(format_="json"))).files[FILE].decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("c:\n- name: a\n  tag: v1\n- b\n", "c:\n- name: a\n- b\n"),
        ("c:\n  - tag: v1 # x\n    name: a\n", "c:\n  - name: a\n"),
        ("c: [{tag: v1, name: a}]\n", "c: [{name: a}]\n"),
    ],
)
def test_taken_out_of_a_list_item_that_stays(before: str, after: str) -> None:
    assert unpinned(before, target(pinned("c[name=a].tag"))).files[FILE].decode() == after


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("c:\n- tag: v1\n", "c[0].tag", "is a list item, or all that one holds"),
        ("c: [v1]\n", "c[0]", "is a list item"),
        ("c:\n- tag: v1\n  # about\n  name: a\n", "c[0].tag", "cannot be taken out of its line"),
        ("image:\n  tag: &v v1\nb: *v\n", "image.tag", "which an alias uses elsewhere"),
        ("image: &i\n  tag: v1\nb: *i\n", "image.tag", "which an alias uses elsewhere"),
        ("image:\n  &k tag: v1\nb: *k\n", "image.tag", "the anchor &k, which is used elsewhere"),
        ("image: &x {tag: v1}\na: &x 1\nb: *x\n", "image.tag", None),
        ("text: |\n  tag: v1\n", "text |yaml| tag", "leads into text"),
        ("image: x\n", "image.tag", "image.tag is not there"),
        ("image: {{ x }}\n", "image.tag", "is a template"),
    ],
)
def test_not_taken_out(text: str, at: str, message: str | None) -> None:
    if message is None:
        assert unpinned(text, target(pinned(at))).files[FILE] == b"a: &x 1\nb: *x\n"
        return
    with pytest.raises(Refused, match=message) as caught:
        unpinned(text, target(pinned(at)))
    assert caught.value.reason is Reason.TARGET_UNREADABLE
    assert caught.value.unblock


def test_a_value_that_must_be_there_stays() -> None:
    with pytest.raises(Refused, match="nothing would say which m prod has") as caught:
        unpinned("image: {tag: v1}\nrun: r1\n", target(pinned(), pinned("run", "refuse", companion="yes")))
    assert caught.value.reason is Reason.NOT_SUPPORTED
    assert "when_absent" in (caught.value.unblock or "")


def test_several_bindings_and_files() -> None:
    chosen = target(
        pinned("meta.run", template="{run_id}", companion="yes"),
        pinned(),
        pinned("tag", file="b.yaml"),
        pinned("tag", file="gone.yaml"),
    )
    files = {FILE: encoded(SEVERAL), "b.yaml": b"tag: v1\n"}
    result = unpin(chosen, files)
    assert result.files == {FILE: b"# head\nimage:\n  repository: x\n---\nother: 1\n", "b.yaml": b"{}\n"}
    absent = Scalar("absent", "")
    assert result.edits == (
        Edit("b.yaml", "tag", Scalar("str", "v1"), absent, 1),
        Edit(FILE, "image.tag", Scalar("str", "v1"), absent, 4),
        Edit(FILE, "meta.run", Scalar("str", "r1"), absent, 5),
    )


def test_pinned_again_it_reads_as_before() -> None:
    chosen = target(pinned())
    text = "# head\nimage:\n  repository: x\n  tag: v1 # pinned\nmeta: {run: r1}\n"
    again = render(chosen, unpinned(text, chosen).files, {"version": "v1"}).files[FILE].decode()
    assert again == text.replace(" # pinned", "")


keys = st.text(alphabet="abXY_- ./é0", min_size=1, max_size=5).map(lambda text: f"k{text.strip()}")
texts = st.text(alphabet="ab0 .:-#'\"{}[],&*|>\n%é", max_size=8)
leaves = texts | st.integers() | st.none() | st.booleans()
trees = st.dictionaries(
    keys,
    st.recursive(leaves, lambda t: st.lists(t, max_size=3) | st.dictionaries(keys, t, max_size=3), max_leaves=8),
    max_size=4,
)


@st.composite
def samples(draw: st.DrawFn) -> tuple[str, dict[str, object], tuple[str, ...]]:
    """A YAML text, its tree, and the path of a mapping in it that is not empty."""
    tree: dict[str, object] = {**draw(trees), "kind": "B"}
    path, here = tuple[str, ...](), tree
    for _ in range(draw(st.integers(0, 3))):
        inner = sorted(key for key, value in here.items() if isinstance(value, dict) and value)
        if not inner:
            break
        path = (*path, draw(st.sampled_from(inner)))
        here = cast(dict[str, object], here[path[-1]])
    flow, width = draw(st.sampled_from([True, False, None])), draw(st.sampled_from([20, 200]))
    deep = draw(st.integers(2, 5))
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, width=width, indent=deep)
    text = (text if draw(st.booleans()) else text.rstrip("\n")).replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return draw(st.sampled_from(["", "# é\n", "\ufeff", "kind: A\n--- # x\n"])) + text, tree, path


def at(*path: str) -> Target:
    return target(pinned(selector_text(tuple(Key(key) for key in path)), kind="B"))


@settings(max_examples=300, deadline=None)
@given(samples(), st.lists(keys, max_size=2), st.sampled_from(["v1", "42", "1.10", "no"]))
def test_inserted_and_taken_out_again(
    sample: tuple[str, dict[str, object], tuple[str, ...]], rest: list[str], version: str
) -> None:
    text, _, path = sample
    chosen, before = at(*path, "new", *rest), {FILE: encoded(text)}
    try:
        result = render(chosen, before, {"version": version})
    except Refused:
        assert "|" in text or ">" in text or read(chosen, before).state == "unreadable"
        return
    assert read(chosen, result.files).version == version
    assert unpin(chosen, result.files).files == before


@settings(max_examples=300, deadline=None)
@given(samples(), texts | st.integers() | st.booleans(), st.booleans())
def test_only_the_key_goes(sample: tuple[str, dict[str, object], tuple[str, ...]], value: object, first: bool) -> None:
    tree = {"kValue": value, **sample[1]} if first else {**sample[1], "kValue": value}
    flow = sample[0].startswith("{")
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, default_flow_style=flow, width=40)
    try:
        after = unpin(at("kValue"), {FILE: encoded(text)}).files[FILE].decode()
    except Refused:
        return
    assert yaml.safe_load(after) == {key: value for key, value in tree.items() if key != "kValue"}
    assert len(after) < len(text)
