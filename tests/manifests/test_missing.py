"""What is absent, and what is only not where it was looked for."""

from __future__ import annotations

import pytest

from bot.errors import Refused
from bot.manifests.refusals import Absent
from bot.manifests.yaml_format import YamlFile
from tests.manifests.targets import FILE, bound


def refusal(text: str, at: str, **more: str) -> Refused:
    with pytest.raises(Refused) as caught:
        YamlFile(FILE, text.encode()).leaf(bound(at, **more))
    return caught.value


@pytest.mark.parametrize(
    ("text", "at", "hint"),
    [
        ("image: {name: x}\n", "image.tag", "image.tag is not there"),
        ("image: {tga: x}\n", "image.tag", "did you mean tga?"),
        ("image:\n", "image.tag", "image.tag is not there"),
        ("image: ~\n", "image.tag", "image.tag is not there"),
        ("{}\n", "image.tag", "; image is not there"),
        ("images: []\n", "images[name=a].tag", "images[name=a] is not there"),
        ("images: [{name: b}]\n", "images[name=a].tag", "images[name=a] is not there"),
        ("images: [{name: b}]\n", "images[1].name", "the list has 1"),
        ("images: [{name: b}]\n", "images[0].tag", "images[0].tag is not there"),
        ("kind: A\n---\nkind: B\ntag: 1\n", "{A}tag", "tag is not there"),
    ],
)
def test_absent(text: str, at: str, hint: str) -> None:
    more = {"kind": "A"} if at.startswith("{A}") else {}
    refused = refusal(text, at.removeprefix("{A}"), **more)
    assert isinstance(refused, Absent)
    assert hint in refused.message


@pytest.mark.parametrize(
    ("text", "at", "hint"),
    [
        ("b: &b {tag: 1}\nimage: {<<: *b}\n", "image.tag", "a merge key (<<) is not followed"),
        ("b: &b {name: a}\nimages: [{<<: *b, tag: 1}]\n", "images[name=a].tag", "is not there"),
        ("b: &b {name: a}\nimages: [*b]\n", "images[name=a].tag", "is not there"),
        ("image: x\n", "image.tag", "a plain value stands in line 1"),
        ("image: ''\n", "image.tag", "a plain value stands in line 1"),
        ("image: [tag]\n", "image.tag", "a list stands in line 1"),
        ("image: {tag: 1}\n", "image[0]", "a mapping stands in line 1"),
        ("image: {tag: 1}\n", "image[a=b].c", "a mapping stands in line 1"),
        ("# {{- if .Values.x }}\nimage: {}\n", "image.tag", "is a template"),
        ("image: {}\na: 1\na: 1\n", "image.tag", "is repeated"),
        ("kind: A\n", "{B}tag", "no document is meant"),
        ("tag: !x\n", "tag", "carries the tag"),
    ],
)
def test_not_absent(text: str, at: str, hint: str) -> None:
    more = {"kind": "B"} if at.startswith("{B}") else {}
    refused = refusal(text, at.removeprefix("{B}"), **more)
    assert not isinstance(refused, Absent)
    assert hint in refused.message
