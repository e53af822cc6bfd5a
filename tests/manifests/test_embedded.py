"""Values inside of YAML or JSON that a scalar holds."""

from __future__ import annotations

import json

import pytest

from bot.errors import Refused
from bot.manifests import read, render
from bot.manifests.json_format import JsonFile
from bot.manifests.refusals import Absent
from bot.manifests.yaml_format import YamlFile
from tests.manifests.targets import FILE, bound, edit, rendered, target

RAY = """\
kind: RayService
spec:
  serveConfigV2: |
    # the app
    applications:
      - name: churn
        runtime_env:
          working_dir: "https://x.io/archive/v41.zip"   # pinned

      - {name: ltv, tag: 41}
  rayVersion: '2.9.0'
"""
CONFIG = """\
kind: ConfigMap
data:
  config.json: |-
    {
      "tag": "v41",
      "other": ["v41"]
    }
"""


def nested(depth: int, tag: str) -> str:
    """A JSON string in a JSON string in …"""
    text = json.dumps({"tag": tag}, ensure_ascii=False)
    for _ in range(depth):
        text = json.dumps({"in": text, "é": "'"}, ensure_ascii=False)
    return text


@pytest.mark.parametrize(
    ("text", "at", "old", "new"),
    [
        (RAY, "spec.serveConfigV2 |yaml| applications[name=churn].runtime_env.working_dir", "v41.zip", "v42.zip"),
        (RAY.replace("\n", "\r\n"), "spec.serveConfigV2|yaml|applications[1].tag", "tag: 41", "tag: 42"),
        (RAY.replace("|\n", "|+2 # x\n"), "spec.serveConfigV2|yaml|applications[1].tag", "tag: 41", "tag: 42"),
        (CONFIG, 'data."config.json" |json| tag', '"tag": "v41"', '"tag": "v42"'),
        (CONFIG, 'data."config.json" |yaml| tag', '"tag": "v41"', '"tag": "v42"'),
        ('v: \'{"tag": "it\'\'s", "x": "v41"}\' # \'\n', "v |json| x", "v41", "v42"),
        ('v: "{\\"é\\": \\"\\U0001F600\\",\\t\\"x\\": \\"v41\\"}" # x\n', "v |json| x", "v41", "v42"),
        ('v: "a: 1\\ntag: v41\\nb: v41"\n', "v|yaml|tag", "tag: v41", "tag: v42"),
        ("v: |\n  tag: |\n    v41\n  b: 1\n", "v|yaml|tag", "v41", "v42"),
        ('v: |\n  a: |\n    {"b": "tag: \'v41\'"}\n', "v|yaml|a|json|b|yaml|tag", "v41", "v42"),
        ("v: &a |\n  tag: v41\n", "v|yaml|tag", "v41", "v42"),
    ],
)
def test_only_the_value_inside_changes(text: str, at: str, old: str, new: str) -> None:
    template = {"tag: 41": "{version}", "v41.zip": "https://x.io/archive/v{version}.zip"}.get(old, "v{version}")
    seen = read(target(bound(at, template)), {FILE: text.encode()})
    assert (seen.state, seen.version) == ("pinned", "41")
    result = rendered(text, at, template=template)
    after = result.files[FILE].decode()
    assert after == text.replace(old, new)
    pairs = list(zip(text.split("\n"), after.split("\n"), strict=True))
    assert [number for number, (a, b) in enumerate(pairs, 1) if a != b] == [seen.line] == [result.edits[0].line]
    assert edit(after, at, "41", template) == text


def test_a_new_value_is_quoted_for_both() -> None:
    text = 'a: "{\\"tag\\": 1.9}"\nb: |\n  tag: 1.9\nc: \'tag: 1.9\'\n'
    chosen = target(bound("a|json|tag"), bound("b|yaml|tag"), bound("c|yaml|tag"))
    after = render(chosen, {FILE: text.encode()}, {"version": "1.10"}).files[FILE].decode()
    assert after == 'a: "{\\"tag\\": \\"1.10\\"}"\nb: |\n  tag: "1.10"\nc: \'tag: "1.10"\'\n'


def test_several_values_inside_and_outside() -> None:
    text = 'a: |\n  x: v1\n  y: {"z": "v1"}\n  w: \'{"q":"v1"}\'\nb: v1\n'
    ats = ["a|yaml|w|json|q", "b", "a|yaml|x", "a|yaml|y.z"]
    chosen = target(*(bound(at, "v{version}") for at in ats))
    result = render(chosen, {FILE: text.encode()}, {"version": "2"})
    assert result.files[FILE].decode() == text.replace("v1", "v2")
    assert sorted(one.line for one in result.edits) == [2, 3, 4, 5]


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_depth(depth: int) -> None:
    at = "in|json|" * depth + "tag"
    old, new = nested(depth, "v41é"), nested(depth, "v42é")
    file = JsonFile(FILE, old.encode())
    leaf = file.leaf(bound(at, format="json"))
    assert (leaf.scalar.text, leaf.at) == ("v41é", " |json| ".join(["in"] * depth + ["tag"]))
    assert file.edited({leaf.at: "v42é"}).content == new.encode().replace(b'\xc3\xa9"', b'\xc3\xa9"')


def test_too_deep() -> None:
    with pytest.raises(Refused, match="goes into more than 4 texts"):
        JsonFile(FILE, nested(5, "v1").encode()).leaf(bound("in|json|" * 5 + "tag", format="json"))


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("v: >\n  tag: 1\n", "v|yaml|tag", "folded block scalar"),
        ("v: a\n", "v|yaml|tag", "no literal block and not quoted"),
        ('v: "tag: 1\n  x"\n', "v|yaml|tag", "no literal block and not quoted"),
        ("v: {tag: 1}\n", "v|yaml|tag", "selects a mapping"),
        ("v: !x |\n  tag: 1\n", "v|yaml|tag", "carries the tag"),
        ("v: &a |\n  tag: 1\nw: *a\n", "v|yaml|tag", "which an alias uses elsewhere"),
        ("v: |\n  tag: {{ .Values.x }}\n", "v|yaml|tag", "(inside line 1): is a template"),
        ("v: |\n  {{- if .Values.x }}\n  tag: 1\n  {{- end }}\n", "v|yaml|tag", "is a template"),
        ("v: |\n  tag: ${TAG}\n", "v|yaml|tag", "which another tool fills in"),
        ("v: |\n  tag: 1\n  tag: 1\n", "v|yaml|tag", "selects 2 values"),
        ("v: |\n  a: 1\n  tag: 1\n  a: 1\n", "v|yaml|tag", "the key 'a' is repeated in line 3"),
        ("v: |\n  tag: 1,\n", "v|json|tag", "(inside line 1): line 1: not JSON"),
        ("x: 1\nv: |\n  tag: [\n", "v|yaml|tag", "(inside line 2): line 1: not YAML"),
        ('v: "\\uFEFFtag: 1"\n', "v|yaml|tag", "byte order mark"),
        ("v: |\n  tag: &x 1\n  b: *x\n", "v|yaml|tag", "which an alias uses elsewhere"),
        ("v: ''\n", "v|yaml|tag", "the file has 0"),
    ],
)
def test_refused(text: str, at: str, message: str) -> None:
    seen = read(target(bound(at)), {FILE: text.encode()})
    assert (seen.state, message in (seen.message or "")) == ("unreadable", True), seen.message
    with pytest.raises(Refused):
        rendered(text, at)


def test_half_a_character_in_json() -> None:
    with pytest.raises(Refused, match="half a character"):
        JsonFile(FILE, b'{"v": "tag: \\ud800"}').leaf(bound("v|yaml|tag", format="json"))


def test_absent_inside() -> None:
    with pytest.raises(Absent, match="did you mean tags"):
        YamlFile(FILE, b"v: |\n  tags: 1\n").leaf(bound("v|yaml|tag"))
    with pytest.raises(Absent):
        YamlFile(FILE, b"w: |\n  tags: 1\n").leaf(bound("v|yaml|tag"))


@pytest.mark.parametrize("at", ["v", "v|json|tag"])
def test_one_text_in_two_ways(at: str) -> None:
    file = YamlFile(FILE, b'v: \'{"tag": "v1"}\'\n')
    places = [file.leaf(bound(one)).at for one in (at, "v|yaml|tag")]
    with pytest.raises(Refused, match="in different ways"):
        file.edited(dict.fromkeys(places, "v2"))


def test_what_single_quotes_cannot_hold() -> None:
    file = YamlFile(FILE, b"v: 'tag: \"v1\"'\n")
    leaf = file.leaf(bound("v|yaml|tag"))
    assert file.edited({leaf.at: "it's"}).content == b"v: 'tag: \"it''s\"'\n"
    with pytest.raises(Refused):
        file.edited({leaf.at: "\ud800"})
