"""What every format does alike: the contract of `ManifestFile`, as a table of snippets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.change import Scalar
from bot.domain.policy import Binding, Target
from bot.domain.policy.model import Declared
from bot.errors import Reason, Refused
from bot.manifests import read, render
from bot.manifests.formats import FORMATS
from bot.manifests.leaf import ManifestFile
from bot.manifests.refusals import Absent


@dataclass(frozen=True)
class Snippet:
    """A file in which ``at`` holds v41 and ``beside`` 7, and ``missing`` leads to nothing. ``twice`` says it twice."""

    file: str
    text: str
    at: str
    beside: str
    missing: str
    twice: str


SNIPPETS = {
    "yaml": Snippet(
        "v.yaml",
        "# é\nmodel:\n  tag: v41  # keep\n  n: 7\nx: v41\n",
        "model.tag",
        "model.n",
        "model.tug",
        "a: v41\na: v41\n",
    ),
    "json": Snippet(
        "v.json",
        '{\n  "x": "é v41",\n  "model": {"tag": "v41" , "n": 7}\n}\n',
        "model.tag",
        "model.n",
        "model.tug",
        '{"model": {"tag": "v41"}, "model": {"tag": "v41"}}',
    ),
    "toml": Snippet(
        "v.toml",
        '# é\nx = "v41"\n[model]\ntag = "v41" # keep\nn = 7\n',
        "model.tag",
        "model.n",
        "model.tug",
        '[model]\ntag = "v41"\n[model]\ntag = "v41"\n',
    ),
    "dotenv": Snippet(".env", "# é\nexport TAG=v41  # keep\nN=7\nX=v41\n", "TAG", "N", "TUG", "TAG=v41\nTAG=v41\n"),
    "regex": Snippet(
        "v.properties",
        "# é\ntag = v41 ; keep\nn = 7\nx = v41\n",
        r"^tag = (?P<value>\S+)",
        r"^n = (?P<value>\d+)",
        r"^tug = (?P<value>\S+)",
        "tag = v41\ntag = v41\n",
    ),
}
each = pytest.mark.parametrize("name", list(SNIPPETS))


def opened(name: str, text: str | bytes) -> ManifestFile:
    return FORMATS[name](SNIPPETS[name].file, text.encode() if isinstance(text, str) else text)


def bound(name: str, at: str | None = None) -> Binding:
    snippet = SNIPPETS[name]
    return Binding(snippet.file, None, at or snippet.at, "{version}", format=name)


def refusal(name: str, text: str | bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        opened(name, text).leaf(bound(name))
    assert caught.value.reason is Reason.TARGET_UNREADABLE
    assert caught.value.unblock
    return caught.value


def test_every_format_is_tested() -> None:
    assert set(SNIPPETS) == set(FORMATS)


@each
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
@pytest.mark.parametrize("final", [True, False], ids=["ended", "open"])
def test_only_the_value_changes_and_back_again(name: str, ends: str, mark: str, final: bool) -> None:
    text = SNIPPETS[name].text if final else SNIPPETS[name].text.removesuffix("\n")
    before = (mark + text.replace("\n", ends)).encode()
    file = opened(name, before)
    leaf = file.leaf(bound(name))
    assert leaf.scalar == Scalar("str", "v41")
    assert text.split("\n")[leaf.line - 1].lstrip().lower().removeprefix("export ").startswith(("tag", '"model"'))
    edited = file.edited({leaf.at: "v42"})
    line = text.split("\n")[leaf.line - 1]
    assert edited.content == before.replace(line.encode(), line.replace("v41", "v42").encode())
    assert edited.scalars == {leaf.at: Scalar("str", "v42")}
    again = opened(name, edited.content)
    assert again.edited({again.leaf(bound(name)).at: "v41"}).content == before


@each
def test_several_values_at_once(name: str) -> None:
    snippet = SNIPPETS[name]
    file = opened(name, snippet.text)
    tag, number = file.leaf(bound(name)), file.leaf(bound(name, snippet.beside))
    assert number.scalar.text == "7"
    edited = file.edited({tag.at: "v1234", number.at: "8"})
    again = opened(name, edited.content)
    assert again.leaf(bound(name)).scalar.text == "v1234"
    assert again.leaf(bound(name, snippet.beside)).scalar == Scalar(number.scalar.type, "8")
    assert edited.content.count(b"v41") == snippet.text.count("v41") - 1


@each
def test_what_is_not_there_is_absent(name: str) -> None:
    with pytest.raises(Absent):
        opened(name, SNIPPETS[name].text).leaf(bound(name, SNIPPETS[name].missing))


@each
def test_what_is_there_twice_is_refused(name: str) -> None:
    assert not isinstance(refusal(name, SNIPPETS[name].twice), Absent)


@each
@pytest.mark.parametrize("hole", ["{{x}}", "${TAG}", "{tag}"])
def test_what_another_tool_fills_in_is_refused(name: str, hole: str) -> None:
    quoted = f"'{hole}'" if name in ("yaml", "dotenv") else hole
    line = next(part for part in SNIPPETS[name].text.split("\n") if "tag" in part.lower())
    text = SNIPPETS[name].text.replace(line, line.replace("v41", quoted))
    assert "is a template" in refusal(name, text).message


@each
def test_what_is_no_such_text_is_refused(name: str) -> None:
    assert "is not UTF-8" in refusal(name, b"tag: \xff").message
    assert "are read" in refusal(name, b"\n" * (4 * 1024 * 1024 + 1)).message


@each
@pytest.mark.parametrize("value", ["1.0", "42", "v5", "104.1.1+up57.0.4", "s3://b/x y", "a'b", "sha256:" + "ab" * 32])
def test_any_value_reads_back(name: str, value: str) -> None:
    file = opened(name, SNIPPETS[name].text)
    at = file.leaf(bound(name)).at
    if name == "regex" and " " in value:
        with pytest.raises(Refused, match=r"more than the bound values|found again"):
            file.edited({at: value})
        return
    edited = file.edited({at: value})
    assert opened(name, edited.content).leaf(bound(name)).scalar == Scalar("str", value)


def test_a_target_of_many_formats_is_one() -> None:
    own = Declared("digest", "sha256:[0-9a-f]{64}", "registry.tags.image_digest")
    templates = {
        "yaml": "{version}",
        "json": "{version}",
        "toml": "{version}",
        "dotenv": "{digest}",
        "regex": "{version}",
    }
    bindings = tuple(replace(bound(name), template=template) for name, template in templates.items())
    goal = Target("m", "prod", bindings, declared=(own,))
    digest = "sha256:" + "0f" * 32
    files = {one.file: one.text.encode() for one in SNIPPETS.values()}
    files[".env"] = files[".env"].replace(b"TAG=v41", b"TAG=sha256:" + b"ab" * 32)
    assert read(goal, files).variables == {"version": "v41", "digest": "sha256:" + "ab" * 32}
    rendered = render(goal, files, {"version": "v42", "digest": digest})
    assert set(rendered.files) == set(files)
    assert read(goal, rendered.files).variables == {"version": "v42", "digest": digest}


_PIECES = [*"atgvx=:\"'[]{},.#\\$7 \n\r\té\0\ufeff", "TAG=", "tag = ", "v41", "[model]\n", '"""', "'''", "export "]
soup = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)
LINES = {
    "yaml": ("tag", "tag: "),
    "json": ("tag", '{"tag": "'),
    "toml": ("tag", "tag = "),
    "dotenv": ("TAG", "TAG="),
    "regex": (r"^tag = (?P<value>.*?) *$", "tag = "),
}


@each
@settings(max_examples=150, deadline=None)
@given(before=soup, after=soup, quote=st.sampled_from("'\""), value=st.sampled_from(["v42", "42", 'a"b', "x y"]))
def test_whatever_stands_there(name: str, before: str, after: str, quote: str, value: str) -> None:
    at, head = LINES[name]
    text = f"{before}\n{head}{quote}v41{quote}\n{after}"
    try:
        file = opened(name, text)
        leaf = file.leaf(bound(name, at))
        content = file.edited({leaf.at: value}).content
        found = opened(name, content).leaf(bound(name, at))
    except Refused:
        return
    assert found.scalar.text == value
    if leaf.line == before.count("\n") + 2:
        assert content.startswith(f"{before}\n{head}".encode())
        assert content.endswith(f"\n{after}".encode())
