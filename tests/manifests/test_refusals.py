"""What is no plain data, or not exactly one value, is refused by its shape."""

from __future__ import annotations

import pytest

from bot.errors import Reason, Refused
from bot.manifests import read, render
from tests.manifests.targets import FILE, bound, edit, rendered, target


def refusal(text: str | bytes, at: str = "tag", **more: str) -> str:
    with pytest.raises(Refused) as caught:
        rendered(text, at, **more)
    assert caught.value.reason is Reason.TARGET_UNREADABLE
    assert caught.value.unblock
    content = text.encode() if isinstance(text, str) else text
    doc = {key: value for key, value in more.items() if key in ("kind", "name")}
    assert read(target(bound(at, **doc)), {FILE: content}).state == "unreadable"
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tag: {{ .Values.tag }}\n", "is a template"),
        ('tag: "{{ .Values.tag }}"\n', "is a template"),
        ("tag: v-{{ .Values.tag }}\n", "is a template"),
        ("{{- if .Values.x }}\ntag: 1\n{{- end }}\n", "is a template"),
        ("# {{- if .Values.x }}\ntag: 1\n# {{- end }}\n", "holds '{{-'"),
        ("tag: 1\n#{% endif %}\n", "holds '{%'"),
        ("tag: 1\nother: {{ x }}\n", "which YAML takes for a mapping"),
        ('tag: 1\nimage: "{{ .Values.image }}"\n', "is a template"),
        ('tag: 1\nimage: a-{{ include "x" . }}\n', "is a template"),
        ("tag: 1 #@ data.values.tag\n", "is a template"),
        ("tag: {version}\n", "{placeholder}"),
        ("tag: {user}/iris\n", "line 1 holds a {placeholder}"),
        ("tag: 's3://{bucket}/x'\n", "which another tool fills in"),
        ("tag: ${TAG}\n", "which another tool fills in"),
        ("tag: [1\n", "line 1: not YAML"),
        ("a: 1\ntag: 1\na: 2\n", "the key 'a' is repeated in line 3"),
        ("tag: {x: 1, y: 2}\n", "selects a mapping"),
        ("tag: [1]\n", "selects a list"),
        ("tag: |\n  1\n  2\n", "block scalar (|) of more than one line"),
        ("tag: >-\n  1\n  2\n", "block scalar (>) of more than one line"),
        *[(f"tag:{nothing}\n", "is empty") for nothing in ("", " ~", " null", " # x")],
        ("tag: !Ref x\n", "carries the tag"),
        ("tag: !!str 1\n", "carries the tag"),
        ("x: &v 1\ntag: *v\n", "leads through the alias *v in line 2"),
        ("tag: &v 1\nx: *v\n", "inside the anchor &v, which an alias uses elsewhere"),
        ("tag: *v\n", "no anchor before it"),
        ("tags: 1\n", "selects 0 values, expected 1; tag is not there, did you mean tags?"),
        ("b: &b {tag: 1}\n<<: *b\n", "a merge key (<<) is not followed"),
        ("--- {tag: 1}\n--- {tag: 2}\n", "selects 2 values, expected 1 (lines 1, 2)"),
        ("- 1\n", "selects 0 values"),
        ("", "the file has 0"),
        (b"tag: \xff\n", "is not UTF-8"),
        (b"tag: \x00\n", "not YAML"),
        ("tag: 1\n" + "# x\n" * 1_100_000, "at most 4194304 are read"),
        ("tag: " + "[" * 5000, "levels deep"),
    ],
)
def test_refused(text: str | bytes, message: str) -> None:
    assert message in refusal(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("base: &base {image: {tag: 1}}\nprod: *base\n", "base.image.tag"),
        ("base: &base {image: {tag: 1}}\nprod: {<<: *base}\n", "base.image.tag"),
    ],
)
def test_a_value_that_an_alias_repeats(text: str, at: str) -> None:
    assert "which an alias uses elsewhere" in refusal(text, at)


def test_through_an_alias() -> None:
    assert "leads through the alias *base" in refusal("base: &base {tag: 1}\nprod: *base\n", "prod.tag")


def test_an_item_that_is_there_twice() -> None:
    text = "c: [{name: a, tag: 1}, {name: a, tag: 2}]"
    assert "selects 2 values" in refusal(text, "c[name=a].tag")


def test_no_such_document() -> None:
    message = refusal("kind: A\ntag: 1\n", kind="B")
    assert message == f"{FILE}: no document is meant by {{kind=B}} tag; the file has 1"


@pytest.mark.parametrize(
    "name", ["a.jsonnet", "a.libsonnet", "a.cue", "a.hcl", "a.tf", "a.yaml.tpl", "a.gotmpl", "a.j2", "A.CUE"]
)
def test_other_languages_are_refused_by_their_name(name: str) -> None:
    chosen = target(bound("tag", file=name))
    seen = read(chosen, {name: b"{tag: 1}"})
    assert seen.state == "unreadable"
    with pytest.raises(Refused, match="not data"):
        render(chosen, {name: b"{tag: 1}"}, {"version": "4"})


@pytest.mark.parametrize(
    "text",
    [
        'tag: 1\nargs: ["--template={{inputs.parameters.x}}"]\n',
        "tag: 1\nargs: ['--chat={% for m in messages %}{{- m }}{% endfor %}']\n",
        "tag: 1\nname: app-{{stage}}\n",
        "tag: 1\nalert: |\n  {{ $labels.x }} {{- if .Values.x }}\n",
        "# default: {{ .Release.Name }}-x\ntag: 1\n",
        "tag: 1 # @param {x} [y]\n",
        "# {{- if .Values.x }}\n--- {a: 1}\n---\nkind: B\ntag: 1\n",
    ],
)
def test_braces_elsewhere_are_legal(text: str) -> None:
    more = {"kind": "B"} if "kind" in text else {}
    assert edit(text, **more) == text.replace("tag: 1", "tag: 42")


def test_a_range_must_be_pinned_by_people_first() -> None:
    with pytest.raises(Refused) as caught:
        rendered('tag: ">=1.0.0"')
    assert caught.value.reason is Reason.NOT_PINNED
