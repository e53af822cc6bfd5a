"""Where a value may be absent: read as what holds then, and inserted behind its siblings."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from bot.domain.change import Edit, Scalar
from bot.domain.policy import Binding, Target
from bot.domain.policy.model import Format
from bot.errors import Refused
from bot.manifests import Rendered, read, render, unpin
from tests.manifests.targets import FILE, bound, encoded, target

TWO = "a: 1\n---\nb: 2\n"


def missing(at: str = "image.tag", absent: str = "insert", format_: Format = "yaml", **more: str) -> Binding:
    return replace(bound(at, more.pop("template", "{version}"), **more), absent=absent, format=format_)


def insert(text: str, chosen: Target, version: str = "v2") -> Rendered:
    return render(chosen, {FILE: encoded(text)}, {"version": version, "run_id": "r1"})


def insertions() -> list[tuple[str, str]]:
    return [
        # block mappings
        ("image:\n  repository: a\nother: 1\n", "image:\n  repository: a\n  tag: v2\nother: 1\n"),
        ("image:\n    a: 1\n    b: {c: 1}\nz: 1\n", "image:\n    a: 1\n    b: {c: 1}\n    tag: v2\nz: 1\n"),
        ("image:\n  a: 1 # one\n  # more\n\n# z\nz: 1\n", "image:\n  a: 1 # one\n  # more\n  tag: v2\n\n# z\nz: 1\n"),
        ("image:\n  a: [1,\n    2]\nz: 1\n", "image:\n  a: [1,\n    2]\n  tag: v2\nz: 1\n"),
        ("image:\n  a:\n  - b: 'x\n\n      y'\nz: 1\n", "image:\n  a:\n  - b: 'x\n\n      y'\n  tag: v2\nz: 1\n"),
        ("image:\n  a: |\n    x\n    # y\n\n\nz: 1\n", "image:\n  a: |\n    x\n    # y\n  tag: v2\n\n\nz: 1\n"),
        ("image:\n  a: >+\n    x\n\n\nz: 1\n", "image:\n  a: >+\n    x\n\n\n  tag: v2\nz: 1\n"),
        ("image:\n  a:\n", "image:\n  a:\n  tag: v2\n"),
        # line ends, byte order mark, end of document
        ("a: 1\r\nb: 2\r\n", "a: 1\r\nb: 2\r\nimage:\r\n  tag: v2\r\n"),
        ("a: 1\r\nb: 2", "a: 1\r\nb: 2\r\nimage:\r\n  tag: v2"),
        ("a: 1", "a: 1\nimage:\n  tag: v2"),
        ("\ufeffa: 1\n", "\ufeffa: 1\nimage:\n  tag: v2\n"),
        ("a: 1\n...\n", "a: 1\nimage:\n  tag: v2\n...\n"),
        (" a: 1\n", " a: 1\n image:\n   tag: v2\n"),
        ("x:\n   y: 1\n", "x:\n   y: 1\nimage:\n   tag: v2\n"),
        # flow mappings
        ("image: {a: b}\n", "image: {a: b, tag: v2}\n"),
        ("image: { a: b }\n", "image: { a: b, tag: v2 }\n"),
        ("image: {a: b,}\n", "image: {a: b, tag: v2,}\n"),
        ('image: {"a": "b"}\n', 'image: {"a": "b", "tag": "v2"}\n'),
        ("{a: 1}\n", "{a: 1, image: {tag: v2}}\n"),
        ("{\n  a: 1, # one\n  b: 2 # two\n}\n", "{\n  a: 1, # one\n  b: 2, # two\n  image: {tag: v2}\n}\n"),
        ("{\n  a: 1, # one\n  b: 2, # two\n}\n", "{\n  a: 1, # one\n  b: 2, # two\n  image: {tag: v2},\n}\n"),
        ("{a: 1,\n b: 2\n}\n", "{a: 1,\n b: 2,\n image: {tag: v2}\n}\n"),
        # nothing, or null, in the way
        ("image:\nz: 1\n", "image:\n  tag: v2\nz: 1\n"),
        ("image: # c\n  # d\nz: 1\n", "image: # c\n  # d\n  tag: v2\nz: 1\n"),
        ("image: null # c\nz: 1\n", "image: # c\n  tag: v2\nz: 1\n"),
        ("image: ~", "image:\n  tag: v2"),
        ("{image: null}\n", "{image: {tag: v2}}\n"),
        ("image: {}\n", "image: {tag: v2}\n"),
        ("image:\n  tag:\n", "image:\n  tag: v2\n"),
        ("image:\n  tag: ~ # c\n", "image:\n  tag: v2 # c\n"),
        ("image: {tag: , a: 1}\n", "image: {tag: v2, a: 1}\n"),
        # documents that hold nothing
        ("", "image:\n  tag: v2\n"),
        ("# c\n", "# c\nimage:\n  tag: v2\n"),
        ("# c", "# c\nimage:\n  tag: v2"),
        ("--- # c\n", "--- # c\nimage:\n  tag: v2\n"),
        ("{}\n", "image:\n  tag: v2\n"),
        ("# c\n{}\n# d\n", "# c\nimage:\n  tag: v2\n# d\n"),
        ("{} # c\n", "{image: {tag: v2}} # c\n"),
    ]


@pytest.mark.parametrize(("before", "after"), insertions(), ids=range(len(insertions())))
def test_inserted_in_yaml(before: str, after: str) -> None:
    chosen = target(missing())
    result = insert(before, chosen)
    assert result.files[FILE].decode() == after
    assert [(one.old, one.new) for one in result.edits] == [(Scalar("absent", ""), Scalar("str", "v2"))]
    assert read(chosen, {FILE: encoded(before)}).state == "not_pinned"
    assert read(chosen, {FILE: encoded(after)}).version == "v2"
    assert insert(after, chosen).edits == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"image": {"a": 1}}', '{"image": {"a": 1, "tag": "v2"}}'),
        ('{\n  "image": {\n    "a": 1\n  }\n}\n', '{\n  "image": {\n    "a": 1,\n    "tag": "v2"\n  }\n}\n'),
        ('{\r\n\t"a": [\r\n]\r\n}', '{\r\n\t"a": [\r\n],\r\n\t"image": {"tag": "v2"}\r\n}'),
        ('{\n  "a": 1 }', '{\n  "a": 1,\n  "image": {"tag": "v2"} }'),
        ('{"image": {}}', '{"image": {"tag": "v2"}}'),
        ('{"image": {"tag": null}}', '{"image": {"tag": "v2"}}'),
        ('{"image": null}', '{"image": {"tag": "v2"}}'),
        ("{}", '{"image": {"tag": "v2"}}'),
    ],
)
def test_inserted_in_json(before: str, after: str) -> None:
    chosen = target(missing(format_="json"))
    assert insert(before, chosen).files[FILE].decode() == after
    assert read(chosen, {FILE: encoded(after)}).version == "v2"


@pytest.mark.parametrize(
    ("version", "template", "line"),
    [
        ("42", "{version}", 'tag: "42"'),
        ("1.10", "{version}", 'tag: "1.10"'),
        ("1e3", "{version}", 'tag: "1e3"'),
        ("no", "{version}", 'tag: "no"'),
        ("2.6.2", "{version}", "tag: 2.6.2"),
        ("42", "s3://m/{version}/x", "tag: s3://m/42/x"),
        ("42", 'it\'s: "{version}" #', 'tag: "it\'s: \\"42\\" #"'),
    ],
)
def test_what_could_be_taken_for_a_number_or_more_is_quoted(version: str, template: str, line: str) -> None:
    chosen = target(missing("tag", template=template))
    assert insert("a: 1\n", chosen, version).files == {FILE: f"a: 1\n{line}\n".encode()}


@pytest.mark.parametrize("key", ["acme.io/build", "on", "1", "a: b", "#x", "é", "a b", "-", "{x}", 'q"q'])
@pytest.mark.parametrize("text", ["x: 1\n", "{x: 1}\n", "{}\n"])
def test_keys_are_written_so_that_they_are_found_again(key: str, text: str) -> None:
    quoted = key.replace('"', '\\"')
    chosen = target(missing(f'meta."{quoted}".v'))
    after = insert(text, chosen).files[FILE]
    assert read(chosen, {FILE: after}).version == "v2"


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("image: x\n", "image.tag", "image.tag is not there"),
        ("image: [x]\n", "image.tag", "image.tag is not there"),
        ("- x\n", "image.tag", "image is not there"),
        ("x:\n- {name: b}\n", "x[name=a].tag", "not list items"),
        ("x: 1\n", "y[0].tag", "not list items"),
        ("a: &x {b: 1}\nimage: *x\n", "image.tag", "leads through the alias"),
        ("image: &x {b: 1}\na: *x\n", "image.tag", "which an alias uses elsewhere"),
        ("a: &x {tag: 1}\nimage: {<<: *x}\n", "image.tag", "a merge key"),
        ("image: &x\n", "image.tag", "holds no mapping"),
        ("image: !!null\n", "image.tag", "holds no mapping"),
        ("image: {a}\n", "image.a.tag", "would break the file"),
        ("image:\n  a: |+\n    x", "image.tag", "more than that"),
        ("a: {{ x }}\n", "image.tag", "is a template"),
        ("a: 1\na: 2\n", "image.tag", "is repeated"),
        ("text: |\n  a: 1\n", "text |yaml| b", "leads into text"),
        (TWO, "image.tag", "could be in 2 documents"),
    ],
)
def test_not_inserted(text: str, at: str, message: str) -> None:
    with pytest.raises(Refused, match=message) as caught:
        insert(text, target(missing(at)))
    assert caught.value.unblock


def test_several_at_once_with_a_value_that_is_there() -> None:
    chosen = target(
        missing("meta.run", template="{run_id}", companion="yes"), missing("image.repo.tag"), bound("version")
    )
    result = insert("version: v1\nimage:\n  name: x\n", chosen)
    assert result.files[FILE] == b"version: v2\nimage:\n  name: x\n  repo:\n    tag: v2\nmeta:\n  run: r1\n"
    assert result.edits == (
        Edit(FILE, "image.repo.tag", Scalar("absent", ""), Scalar("str", "v2"), 3),
        Edit(FILE, "meta.run", Scalar("absent", ""), Scalar("str", "r1"), 3),
        Edit(FILE, "version", Scalar("str", "v1"), Scalar("str", "v2"), 1),
    )


def test_into_the_document_that_is_meant() -> None:
    text = "kind: A\n---\nkind: B\n---\nkind: C\n"
    chosen = target(missing(kind="B"))
    assert insert(text, chosen).files[FILE] == b"kind: A\n---\nkind: B\nimage:\n  tag: v2\n---\nkind: C\n"


def test_a_file_that_is_missing_is_made_by_people() -> None:
    with pytest.raises(Refused, match="is not in the deployment repo") as caught:
        render(target(missing()), {}, {"version": "v2"})
    assert caught.value.unblock == "Create it by a pull request first."


def grows_at_an_end(text: str) -> bool:
    """Whether the insertion is behind the last pair of a mapping that has one."""
    root = next(yaml.safe_load_all(text), None)
    inner = (root or {}).get("image", root) or {}
    return bool(inner) and "tag" not in inner


@pytest.mark.parametrize("text", [text for text, _ in insertions() if grows_at_an_end(text)])
def test_what_was_inserted_comes_out_again(text: str) -> None:
    chosen = target(missing())
    after = {FILE: insert(text, chosen).files[FILE]}
    assert unpin(chosen, after).files[FILE] == encoded(text)
