"""Every kind of declaration: read, one line changed and nothing else, changed back."""

from __future__ import annotations

import re

import pytest

from bot.domain.policy import Binding, DocSelector
from bot.manifests import read, render
from tests.manifests.kinds_delivery import DELIVERY
from tests.manifests.kinds_serving import SERVING
from tests.manifests.targets import FILE, target


@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    ("text", "at", "template", "old", "new"), [pytest.param(*kind[1:], id=kind[0]) for kind in SERVING + DELIVERY]
)
def test_one_line_and_back(text: str, at: str, template: str, old: str, new: str, eol: str) -> None:
    doc = re.match(r"\{(\w+)\}", at)
    selector = DocSelector(doc[1], None) if doc else None
    format_ = "json" if text.startswith("{") else "yaml"
    binding = Binding(FILE, selector, at[doc.end() if doc else 0 :], template, format=format_)  # type: ignore[arg-type]
    chosen, before = target(binding), {FILE: text.replace("\r\n", "\n").replace("\n", eol).encode()}

    seen = read(chosen, before)
    assert (seen.state, seen.version) == ("pinned", old)
    result = render(chosen, before, {**seen.variables, "version": new})
    assert read(chosen, result.files).version == new

    pairs = list(zip(before[FILE].split(b"\n"), result.files[FILE].split(b"\n"), strict=True))
    changed = [(number, a, b) for number, (a, b) in enumerate(pairs, 1) if a != b]
    assert [number for number, _, _ in changed] == [seen.line]
    assert changed[0][2].replace(new.encode(), old.encode()) == changed[0][1]
    assert render(chosen, result.files, seen.variables).files == before
