"""What is written is the version only where every reader takes it so: numbers that are written back in another way,
words that YAML 1.1 knows, and names that move say nothing for certain."""

from __future__ import annotations

import pytest

from bot.domain.policy import Binding, Target
from bot.manifests import Reading, read, render
from tests.manifests.targets import FILE, bound, edit, target

ODD = ("1.10", "1.0", "010", "0x10", "1e3", "1_0", "0b11", "0o17", "2024-01-01", "2024-1-2", "yes", "y", "Off")
SURE = ("42", "1.9", "v1", "1.2.3", "2.6.2-rc1", "0a1b", "7f", "1.2.3.4", "latest-1", "e3", "maintenance")


def seen(text: str, format_: str = "yaml", at: str = "tag") -> Reading:
    one = Binding(FILE, None, at, "{version}", format=format_)  # type: ignore[arg-type]
    return read(Target("m", "prod", (one,)), {FILE: text.encode()})


@pytest.mark.parametrize("value", ODD)
def test_what_readers_do_not_take_alike_is_not_pinned(value: str) -> None:
    plain = seen(f"tag: {value}\n")
    assert (plain.state, plain.version, plain.raw) == ("not_pinned", None, value)
    assert "put it in quotes" in (plain.message or "")
    assert seen(f'tag: "{value}"\n').version == value
    assert seen(f"tag: |\n  {value}\n").version == value
    assert seen(f"a: |\n  tag: {value}\n", at="a |yaml| tag").state == "not_pinned"


@pytest.mark.parametrize("value", SURE)
def test_what_readers_take_alike_is_pinned(value: str) -> None:
    assert seen(f"tag: {value}\n").version == value


@pytest.mark.parametrize(
    ("format_", "text", "version"),
    [
        ("json", '{"tag": 1.10}', None),
        ("json", '{"tag": 1e3}', None),
        ("json", '{"tag": true}', None),
        ("json", '{"tag": "1.10"}', "1.10"),
        ("json", '{"tag": 42}', "42"),
        ("toml", "tag = 1.10", None),
        ("toml", "tag = 1_0", None),
        ("toml", "tag = true", None),
        ("toml", "tag = '1.10'", "1.10"),
        ("toml", "tag = 42", "42"),
        ("dotenv", "tag=1.10", "1.10"),
    ],
)
def test_other_formats(format_: str, text: str, version: str | None) -> None:
    assert seen(text, format_).version == version


def test_one_that_is_certain_does_not_vouch_for_another() -> None:
    both = target(bound("a"), bound("b"))
    assert read(both, {FILE: b"a: '1.10'\nb: 1.10\n"}).state == "mixed"
    assert read(both, {FILE: b"a: '1.10'\nb: \"1.10\"\n"}).state == "pinned"


@pytest.mark.parametrize(
    ("old", "version", "new"),
    [
        ("tag: 1.10\n", "1.10", 'tag: "1.10"\n'),
        ("tag: yes\n", "yes", 'tag: "yes"\n'),
        ("tag: 1.9\n", "1.0", 'tag: "1.0"\n'),
        ("tag: 1.9\n", "2.5", "tag: 2.5\n"),
    ],
)
def test_a_promotion_puts_it_in_quotes(old: str, version: str, new: str) -> None:
    assert edit(old, version=version) == new


@pytest.mark.parametrize("name", ["latest", "Latest", "stable", "main", "HEAD", "nightly", "1.x-0", "v1.2.*+b"])
def test_a_name_that_moves_is_no_version(name: str) -> None:
    assert seen(f'tag: "{name}"\n').state == "not_pinned"
    moved = read(target(bound("image", "repo:{version}")), {FILE: f"image: repo:{name}\n".encode()})
    assert moved.version is None
    assert render(target(bound("tag")), {FILE: b"tag: latest\n"}, {"version": "7"}).files == {FILE: b'tag: "7"\n'}
