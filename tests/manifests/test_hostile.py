"""Files that somebody wrote to stop the bot, to mislead it, or to speak through it."""

from __future__ import annotations

import time

import pytest

from bot.domain.policy import Binding, Target
from bot.domain.policy.model import Block
from bot.errors import Refused
from bot.manifests import read, render, restore, tree, unified_diff, unpin
from tests.manifests.targets import FILE, bound, rendered, target


def refused(text: str, at: str, format_: str) -> str:
    one = Binding("f", None, at, "{version}", format=format_)  # type: ignore[arg-type]
    with pytest.raises(Refused) as caught:
        render(Target("m", "prod", (one,)), {"f": text.encode()}, {"version": "2"})
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "at", "format_"),
    [
        ('"versio\\nn" = 1', "version", "toml"),
        ("'versio\nn'=1", "version", "dotenv"),
        ('"versio\\nn": 1', "version", "yaml"),
        ('{"versio\\nn": 1}', "version", "json"),
    ],
)
def test_no_key_speaks_through_a_message(text: str, at: str, format_: str) -> None:
    assert refused(text, at, format_).isprintable()


def test_no_value_speaks_through_a_message() -> None:
    both = Target("m", "prod", (bound("p.uri"), bound("p.x")), (Block(FILE, None, "p"),))
    then = {FILE: b'p: {uri: v1, x: "a\\n\\u202eb"}\n'}
    with pytest.raises(Refused) as caught:
        restore(both, {FILE: b"p: {uri: v2, x: v2}\n"}, then, {"version": "v1"})
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("text", [f"tag: *{'a' * 5000}\n", f"tag: &{'a' * 5000} 1\nx: *{'a' * 5000}\n"])
def test_no_anchor_fills_a_message(text: str) -> None:
    assert len(refused(text, "tag", "yaml")) < 300


def test_a_key_that_is_an_alias_repeats_what_it_names() -> None:
    with pytest.raises(Refused, match="the key 'tag' is repeated in line 2"):
        rendered("&k tag: v1\n*k : v2\n")


def test_a_text_without_marks_is_not_searched_for_each_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(*_: object) -> None:
        raise AssertionError("every document costs a look at the whole text")

    monkeypatch.setattr(tree, "refuse_template", search)
    assert read(target(bound("tag")), {FILE: b"tag: v1\n" + b"---\na\n" * 100}).version == "v1"


def test_a_long_diff_of_lines_that_repeat() -> None:
    old = [b"line %d\n" % (number % 150) for number in range(150_000)]
    new = list(old)
    new[10], new[140_000] = b"x\n", b"y\n"
    before = time.process_time()
    text = unified_diff({"f": b"".join(old)}, {"f": b"".join(new)})
    assert [line for line in text.splitlines() if line[0] in "+-@"][2:] == [
        *("@@ -8,7 +8,7 @@", "-line 10", "+x"),
        *("@@ -139998,7 +139998,7 @@", "-line 50", "+y"),
    ]
    assert time.process_time() - before < 5


def test_unpin_leaves_a_target_that_can_be_read() -> None:
    own = target(Binding(FILE, None, "tag", "{version}", absent="insert"))
    with pytest.raises(Refused, match="tag is not there"):
        unpin(own, {FILE: b"tag: v1\n---\n- a list\n"})


@pytest.mark.parametrize(
    ("now", "then"), [("p:\n  a: v1\n", "p: !t\n  a: v1\n"), ("p: &x\n  a: v1\n", "p:\n  a: v1\n")]
)
def test_a_block_does_not_lose_its_tag_or_anchor(now: str, then: str) -> None:
    own = Target("m", "prod", (bound("p.a"),), (Block(FILE, None, "p"),))
    with pytest.raises(Refused, match="another tag or anchor"):
        restore(own, {FILE: now.encode()}, {FILE: then.encode()}, {"version": "v1"})


@pytest.mark.parametrize(
    ("text", "bindings"),
    [
        ("images:\n- tag: v1\n", [bound("images[tag=v1].tag")]),
        ("images:\n- {name: v1, tag: v1}\n", [bound("images[name=v1].tag"), bound("images[tag=v1].name")]),
        ("kind: K\nmetadata: {name: v1}\n", [bound("metadata.name", kind="K", name="v1")]),
    ],
)
def test_no_edit_loses_its_own_place(text: str, bindings: list[Binding]) -> None:
    with pytest.raises(Refused, match=r"after the edit .* would be lost"):
        render(target(*bindings), {FILE: text.encode()}, {"version": "v2"})


def test_an_embedded_text_that_holds_nothing_says_nothing() -> None:
    own = target(Binding(FILE, None, "a |yaml| tag", "{version}", absent="inherit:dev"))
    assert read(own, {FILE: b"a: |\n  # nothing\n"}).state == "inherited"
