"""Only the bound scalar's bytes change; quotes and types stay what they were."""

from __future__ import annotations

import pytest

from bot.domain.change import Edit, Scalar
from bot.errors import Reason, Refused
from bot.manifests import render, variables_needed
from tests.manifests.targets import FILE, bound, edit, rendered, target


@pytest.mark.parametrize(
    ("before", "version", "after"),
    [
        # quotes stay
        ("tag: v1 # why\n", "v2", "tag: v2 # why\n"),
        ("tag: 'v1'\n", "v2", "tag: 'v2'\n"),
        ('tag: "1.2.3"   # x\n', "2.0.0", 'tag: "2.0.0"   # x\n'),
        # types stay: a number for a number, text for text
        ("tag: 41\n", "42", "tag: 42\n"),
        ("tag: 1.5\n", "1.6", "tag: 1.6\n"),
        ("tag: 1.9\n", "1.10", 'tag: "1.10"\n'),
        ("tag: 41\n", "42-rc1", "tag: 42-rc1\n"),
        ("tag: v1\n", "42", 'tag: "42"\n'),
        ("tag: 2.6.2\n", "2.14.1", "tag: 2.14.1\n"),
        ("tag: 2.6.2\n", "2.10", 'tag: "2.10"\n'),
        # what some YAML takes for a number, a date, a time or a truth is quoted
        *[
            (f"tag: {old}\n", new, f'tag: "{new}"\n')
            for old in ("abc", "2.6.2")
            for new in [
                *("1e3", "1E5", "1234567e8", "0x1f", "0o17", "0b1", "017", "00", "1_000", "1.", "2024-01-01"),
                *("2024-01-01T00", "yes", "no", "On", "TRUE", "null", "y", "nan"),
            ]
        ],
        ("tag: abc\n", "b393e77", "tag: b393e77\n"),
        ("tag: abc\n", "78b4a5da38796123d9f9ffff59bab2792a043e95", "tag: 78b4a5da38796123d9f9ffff59bab2792a043e95\n"),
        ("tag: abc\n", "104.1.1+up57.0.4", "tag: 104.1.1+up57.0.4\n"),
        ("tag: true\n", "v2", "tag: v2\n"),
        # places
        ("tag: v1", "v2", "tag: v2"),
        ("\ufefftag: v1\r\nx: 1\r\n", "v2", "\ufefftag: v2\r\nx: 1\r\n"),
        ("{tag: v1, b: [tag, v1]}", "v2", "{tag: v2, b: [tag, v1]}"),
        ("# é 😀\nx: '😀'\ntag: v1 # ü\n", "v2", "# é 😀\nx: '😀'\ntag: v2 # ü\n"),
        ("tag: &here v1\nx: 2\n", "v2", "tag: &here v2\nx: 2\n"),
        ("\n\ntag  :   v1\t# tab\n...\n", "v2", "\n\ntag  :   v2\t# tab\n...\n"),
        ("%YAML 1.1\n---\ntag: v1\n", "v2", "%YAML 1.1\n---\ntag: v2\n"),
        ("tag:\n  v1\n", "v2", "tag:\n  v2\n"),
        ("text: |\n  tag: v1\n\n  {{ x }}\ntag: v1\n", "v2", "text: |\n  tag: v1\n\n  {{ x }}\ntag: v2\n"),
    ],
)
def test_one_scalar(before: str, version: str, after: str) -> None:
    assert edit(before, version=version) == after
    assert rendered(after, version=version).edits == ()


@pytest.mark.parametrize(
    ("before", "template", "after"),
    [
        ("tag: {b: reg/x:1}\n", "reg/x:{version}", "tag: {b: reg/x:42}\n"),
        ("tag: {b: x}\n", "reg/x:{version}", 'tag: {b: "reg/x:42"}\n'),
        ("tag: {b: x}\n", 'a, b: \'"{version}"', 'tag: {b: "a, b: \'\\"42\\""}\n'),
        ("tag: {b: 'x'}\n", "it's {version}", "tag: {b: 'it''s 42'}\n"),
        ("tag: {b: x}\n", "(a b) {version}", "tag: {b: (a b) 42}\n"),
        ("tag: {b: x:y}\n", "683.dkr.ecr.aws.com/x:{version}", "tag: {b: 683.dkr.ecr.aws.com/x:42}\n"),
        ("tag: {b: x}\n", "a: {version}", 'tag: {b: "a: 42"}\n'),
        ("tag: {b: x}\n", "a #{version}", 'tag: {b: "a #42"}\n'),
        ("tag: {b: x}\n", "é{version}", 'tag: {b: "é42"}\n'),
    ],
)
def test_quotes_where_the_text_needs_them(before: str, template: str, after: str) -> None:
    assert edit(before, "tag.b", template=template) == after


MULTI = """\
# two documents
---
kind: TrainedModel
metadata: {name: one}
spec:
  uri: s3://m/1.0/model
---
kind: TrainedModel
metadata:
  name: two
spec:
  uri: s3://m/1.0/model # same
"""


def test_the_document_that_is_meant() -> None:
    after = edit(MULTI, "spec.uri", "1.3", "s3://m/{version}/model", kind="TrainedModel", name="two")
    assert after == MULTI.replace("1.0/model # same", "1.3/model # same")


def test_list_items_by_name_and_by_place() -> None:
    text = "c:\n- image: reg/a:1\n  name: a\n- name: b\n  env: [{name: X, value: v1}]\n"
    assert edit(text, "c[name=a].image", template="reg/a:{version}") == text.replace("a:1", "a:42")
    assert edit(text, "c[name=b].env[name=X].value", template="v{version}") == text.replace("v1", "v42")
    assert edit(text, "c[1].env[0].value", template="v{version}") == text.replace("v1", "v42")


def test_edits_tell_what_changed() -> None:
    text = 'b:\n  "x.y": 41\na: v41\n'
    bindings = (bound('b."x.y"'), bound("a", "v{version}"), bound('b["x.y"=1].c', file="other.yaml"))
    result = render(target(*bindings[:2]), {FILE: text.encode()}, {"version": "42"})
    assert result.edits == (
        Edit(FILE, "a", Scalar("str", "v41"), Scalar("str", "v42"), 3),
        Edit(FILE, 'b."x.y"', Scalar("int", "41"), Scalar("int", "42"), 2),
    )
    assert result.files == {FILE: b'b:\n  "x.y": 42\na: v42\n'}


def test_several_files_and_only_the_changed_ones_come_back() -> None:
    files = {"a.yaml": b"tag: 41\n", "b.yaml": b"tag: 42\n", "c.yaml": b"run: r1\n", "d.yaml": b"other"}
    chosen = target(
        bound("tag", file="a.yaml"), bound("tag", file="b.yaml"), bound("run", "{run_id}", "c.yaml", companion="yes")
    )
    assert variables_needed(chosen) == {"version", "run_id"}
    result = render(chosen, files, {"version": "42", "run_id": "r2"})
    assert result.files == {"a.yaml": b"tag: 42\n", "c.yaml": b"run: r2\n"}
    assert [one.file for one in result.edits] == ["a.yaml", "c.yaml"]


def test_model_and_environment_come_with_the_target() -> None:
    chosen = target(bound("uri", "s3://{environment}/{model}/{version}"))
    assert variables_needed(chosen) == {"version"}
    assert render(chosen, {FILE: b"uri: x"}, {"version": "4", "model": "other"}).files == {FILE: b"uri: s3://prod/m/4"}


def test_nothing_to_change() -> None:
    assert rendered("tag: 42").files == {}


def test_an_edit_there_and_back() -> None:
    text = "a:\r\n  - {tag: 'v41'}   # x\r\n"
    after = edit(text, "a[0].tag", "42", "v{version}")
    assert edit(after, "a[0].tag", "41", "v{version}") == text


@pytest.mark.parametrize("value", ["", "-1", "1 2", "1/2", "1\n2", "é", "a:b", "{version}", "a" * 2000, "latest"])
def test_a_value_that_could_not_be_read_back_is_not_written(value: str) -> None:
    with pytest.raises(Refused) as caught:
        rendered("tag: v1", version=value)
    assert caught.value.reason in (Reason.INVALID_NAME, Reason.TARGET_UNREADABLE)


def test_a_variable_that_is_missing() -> None:
    with pytest.raises(Refused, match=r"needs \{run_id\}, which this version does not have"):
        render(target(bound("tag", "{run_id}")), {FILE: b"tag: x"}, {"version": "4"})


def test_one_place_bound_to_two_values() -> None:
    with pytest.raises(Refused, match="bound twice"):
        render(target(bound("tag"), bound('"tag"', "v{version}")), {FILE: b"tag: x"}, {"version": "4"})
