"""A bound scalar that is a block scalar, or goes over several lines: its value is read as people mean it."""

from __future__ import annotations

import pytest

from bot.errors import Refused
from bot.manifests import read
from bot.manifests.refusals import Absent
from bot.manifests.yaml_format import YamlFile
from tests.manifests.targets import FILE, bound, edit, rendered, target

BLOCKS = [
    f"{header}{eol}{before}v41{after}"
    for header in ("|", "|-", "|+", ">", ">-", ">+", "|2-", ">+2", "| # why", "&here |")
    for eol in ("\n", "\r\n")
    for before, after in [("  ", eol), ("  ", f"{eol}{eol}"), ("  ", "")]
]


@pytest.mark.parametrize("block", BLOCKS, ids=[ascii(block) for block in BLOCKS])
def test_one_line_in_a_block(block: str) -> None:
    for text in (f"tag: {block}", f"tag: {block}\nx: 1\n" if block.endswith("v41") else f"tag: {block}x: 1\n"):
        seen = read(target(bound("tag", "v{version}")), {FILE: text.encode()})
        assert (seen.state, seen.version, seen.raw) == ("pinned", "41", "v41")
        after = edit(text, template="v{version}")
        assert after == text.replace("v41", "v42")
        assert edit(after, version="41", template="v{version}") == text


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a:\n  b:\n  - |\n   v41\n  - x\n", "a.b[0]"),
        ("- tag: |\n    v41\n\n# end\n- tag: 1\n", "[0].tag"),
        ("tag: |\n     v41   \n", "tag"),
    ],
)
def test_places(text: str, at: str) -> None:
    file = YamlFile(FILE, text.encode())
    leaf = file.leaf(bound(at))
    assert file.edited({leaf.at: leaf.scalar.text.replace("41", "42")}).content.decode() == text.replace("41", "42")


@pytest.mark.parametrize(
    "text", ["tag: |\n\n  v41\n", "tag: |\n  v41\n  b\n", "tag: >\n  v41\n\n  b\n", "tag: >\n  a\n  b\n"]
)
def test_more_than_one_line(text: str) -> None:
    with pytest.raises(Refused, match="of more than one line"):
        rendered(text)


@pytest.mark.parametrize("value", ["", " v2", "a\nb", "a\u2028b", "\x07"])
def test_what_a_block_cannot_hold(value: str) -> None:
    file = YamlFile(FILE, b"tag: |\n  v41\nx: 1\n")
    leaf = file.leaf(bound("tag"))
    with pytest.raises(Refused):
        file.edited({leaf.at: value})


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("tag: >-  \n  v41\n", "tag: >-  \n  42\n"),
        ("tag: v\n  41 # x\nb: 1\n", 'tag: "42" # x\nb: 1\n'),
        ("tag: 'v\n\n  41' # x\n", "tag: '42' # x\n"),
        ('tag: "v\\\n  41"\n', 'tag: "42"\n'),
        ("{tag: v\n 41, b: 1}", '{tag: "42", b: 1}'),
    ],
)
def test_several_lines_become_one(text: str, after: str) -> None:
    file = YamlFile(FILE, text.encode())
    leaf = file.leaf(bound("tag"))
    assert file.edited({leaf.at: "42"}).content.decode() == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("tag:\nx: 1\n", "tag: v2\nx: 1\n"),
        ("tag: # why\nx: 1\n", "tag: v2 # why\nx: 1\n"),
        ("tag:   ~ # why\r\n", "tag:   v2 # why\r\n"),
        ("tag: null", "tag: v2"),
        ("{tag: , b: 1}", "{tag: v2, b: 1}"),
        ("tag:", "tag: v2"),
    ],
)
def test_an_empty_scalar_is_absent_and_can_be_given_a_value(text: str, after: str) -> None:
    file = YamlFile(FILE, text.encode())
    with pytest.raises(Absent, match="tag is empty"):
        file.leaf(bound("tag"))
    assert file.edited({"tag": "v2"}).content.decode() == after


@pytest.mark.parametrize("text", ["{tag}", "tag: &x\nb: 1\n", "? tag\n"])
def test_an_empty_scalar_that_has_no_place(text: str) -> None:
    file = YamlFile(FILE, text.encode())
    with pytest.raises(Absent):
        file.leaf(bound("tag"))
    with pytest.raises(Refused):
        file.edited({"tag": "v2"})
