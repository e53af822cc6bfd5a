"""Backward: a version, or plainly why there is none. Never a guess, never an exception."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.policy import Binding
from bot.manifests import Reading, read
from tests.manifests.targets import FILE, bound, target


def reading(text: str, template: str = "{version}", at: str = "tag") -> Reading:
    return read(target(bound(at, template)), {FILE: text.encode()})


@pytest.mark.parametrize(
    ("text", "template", "variables"),
    [
        ("tag: 41", "{version}", {"version": "41"}),
        ("tag: v41", "v{version}", {"version": "41"}),
        ("tag: reg:5000/x:2.0-rc.1", "reg:5000/x:{version}", {"version": "2.0-rc.1"}),
        ("tag: s3://m/7/models/m-1a2b/artifacts", "s3://m/{experiment_id}/models/{model_id}/artifacts", None),
        ("tag: s3://prod/m/4", "s3://{environment}/{model}/{version}", {"version": "4"}),
        ("tag: f-4/model-4", "f-{version}/model-{version}", {"version": "4"}),
        ("tag: x:abc", "x:{tags.image.build}", {"tags.image.build": "abc"}),
    ],
)
def test_pinned(text: str, template: str, variables: dict[str, str] | None) -> None:
    seen = reading(f"# first\n{text}\n", template)
    wanted = variables or {"experiment_id": "7", "model_id": "m-1a2b"}
    assert (seen.state, seen.variables, seen.version) == ("pinned", wanted, wanted.get("version"))
    assert (seen.file, seen.line, seen.message) == (FILE, 2, None)
    assert seen.raw == text.partition(" ")[2]


@pytest.mark.parametrize(
    "value", [">=1.0.0", "~1.2", "^1", "1.x", "1.2.*", "*", ">= 1, < 2", "1.2 - 1.4", "=1.0", "1 || 2"]
)
def test_a_range_is_not_pinned(value: str) -> None:
    seen = reading(f'tag: "{value}"')
    assert (seen.state, seen.version, seen.raw) == ("not_pinned", None, value)
    assert seen.message == "it is a range, which does not say what runs"


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("tag: latest", "{version}"),
        ("tag: 1/2", "{version}"),
        ("tag: other:4", "reg:{version}"),
        ("tag: reg:4@sha256:abc", "reg:{version}"),
        ("tag: s3://prod/other/4", "s3://{environment}/{model}/{version}"),
        ("tag: f-4/model-5", "f-{version}/model-{version}"),
        ("tag: s3.//x/4", "s3:.//x/{version}"),
        ("tag: ''", "{version}"),
    ],
)
def test_what_does_not_match_shows_the_raw_value(text: str, template: str) -> None:
    seen = reading(text, template)
    assert (seen.state, seen.version, seen.variables) == ("not_pinned", None, {})
    assert seen.raw == text.partition(" ")[2].strip("'")


def test_files_that_do_not_agree_are_mixed() -> None:
    both = target(bound("tag", file="a.yaml"), bound("tag", file="b.yaml"))
    seen = read(both, {"a.yaml": b"tag: 1", "b.yaml": b"tag: 2"})
    assert (seen.state, seen.version) == ("mixed", None)
    assert seen.message == "a.yaml:1 says version 1, b.yaml:1 says '2'"

    seen = read(both, {"a.yaml": b"tag: 1", "b.yaml": b"tag: '>=2'"})
    assert seen.state == "mixed"
    assert "b.yaml:1 holds '>=2'" in (seen.message or "")


def test_a_companion_must_agree_too_but_comes_second() -> None:
    both = target(bound("run", "{run_id}:{version}", companion="yes"), bound("tag"))
    assert read(both, {FILE: b"run: r1:4\ntag: 4"}).variables == {"run_id": "r1", "version": "4"}
    assert read(both, {FILE: b"run: r1:5\ntag: 4"}).state == "mixed"
    seen = read(both, {FILE: b"run: r1:5\ntag: '*'"})
    assert (seen.state, seen.raw, seen.line) == ("not_pinned", "*", 2)


def test_a_file_that_is_not_there() -> None:
    seen = read(target(bound("tag")), {})
    assert (seen.state, seen.file, seen.line) == ("unreadable", FILE, 0)
    assert seen.message == f"{FILE}: is not in the deployment repo"


@pytest.mark.parametrize(("at", "template"), [("a[", "{version}"), ("tag", "{nothing}"), ("tag", "{version}{run_id}")])
def test_a_binding_that_is_not_understood(at: str, template: str) -> None:
    seen = reading("tag: 4", template, at)
    assert seen.state == "unreadable"
    assert "is not understood" in (seen.message or "")


def loose(binding: Binding, absent: str = "inherit:staging") -> Binding:
    return replace(binding, absent=absent)


@pytest.mark.parametrize(
    "text", ["other: 1\n", "tag:\n", "tag: ~\n", "tag: null # none\n", "", "# nothing\n", "---\n", "{}"]
)
@pytest.mark.parametrize(
    ("absent", "state", "inherits"),
    [("inherit:staging", "inherited", "staging"), ("insert", "not_pinned", None), ("refuse", "unreadable", None)],
)
def test_a_value_that_is_absent(text: str, absent: str, state: str, inherits: str | None) -> None:
    seen = read(target(loose(bound("tag"), absent)), {FILE: text.encode()})
    assert (seen.state, seen.inherits, seen.version, seen.raw, seen.line) == (state, inherits, None, None, 0)
    assert (seen.file, seen.variables) == (FILE, {})
    assert seen.message


def test_a_file_that_is_absent_and_may_be() -> None:
    seen = read(target(loose(bound("tag"))), {})
    assert (seen.state, seen.inherits, seen.file) == ("inherited", "staging", FILE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tag: [1]\n", "selects a list"),
        ("a: &x {tag: 1}\nb: *x\n", "leads through the alias"),
        ("tag: {{ x }}\n", "is a template"),
        ("tag: [\n", "not YAML"),
        ("tag: 1\n---\ntag: 2\n", "selects 2 values"),
    ],
)
def test_what_cannot_be_read_is_never_taken_for_absent(text: str, message: str) -> None:
    at = "b.tag" if "*x" in text else "tag"
    seen = read(target(loose(bound(at))), {FILE: text.encode()})
    assert seen.state == "unreadable"
    assert message in (seen.message or "")


def test_absent_in_one_of_two_files_is_mixed() -> None:
    both = target(loose(bound("tag", file="a.yaml")), loose(bound("tag", file="b.yaml")))
    seen = read(both, {"a.yaml": b"tag: 1", "b.yaml": b"x: 2"})
    assert (seen.state, seen.version, seen.raw, seen.line) == ("mixed", None, "1", 1)
    assert seen.message == "a.yaml:1 holds '1', b.yaml holds nothing at tag"
    assert read(both, {"a.yaml": b"tag: 1"}).state == "mixed"


def test_a_companion_that_is_absent_is_passed_over() -> None:
    run = bound("run", "{run_id}", companion="yes")
    both = target(loose(run), loose(bound("tag")))
    assert read(both, {FILE: b"tag: 4"}).variables == {"version": "4"}
    assert read(both, {FILE: b"tag: 4\nrun: r1"}).variables == {"version": "4", "run_id": "r1"}
    assert read(both, {FILE: b"run: r1"}).state == "inherited"
    assert read(target(run, loose(bound("tag"))), {FILE: b"tag: 4"}).state == "unreadable"
