"""Real manifests of public repositories: exactly the expected lines change, or the file is refused."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from bot.domain.policy import Binding, DocSelector
from bot.domain.policy.selectors import Index, Inside, Key, Match, selector_text
from bot.errors import Refused
from bot.manifests import read, render
from bot.manifests.values import read_back
from bot.manifests.yaml_format import YamlFile
from tests.manifests.targets import target

_CONTRACTS = Path(os.environ.get("SLACKOPS_CONTRACTS") or Path(__file__).parents[3] / "shared" / "contracts")
CORPUS = _CONTRACTS.parent / "corpus"
pytestmark = pytest.mark.skipif(
    not (CORPUS / "index.json").is_file(), reason="the corpus of real manifests is not here"
)


def _entries() -> list[dict[str, Any]]:
    index = CORPUS / "index.json"
    entries: list[dict[str, Any]] = json.loads(index.read_text()) if index.is_file() else []
    return entries


def _refused() -> list[Any]:
    return [pytest.param(entry, id=entry["id"]) for entry in _entries() if entry["refuse"]]


def _edited() -> list[Any]:
    return [pytest.param(entry, id=entry["id"]) for entry in _entries() if entry["edits"]]


def _step(part: Any) -> Any:
    if isinstance(part, dict):
        ((key, value),) = part.items()
        return Match((key,), value)
    if part in ("!yaml", "!json"):
        return Inside(part[1:])
    return Index(part) if isinstance(part, int) else Key(part)


def _template(edit: dict[str, Any]) -> str:
    """The entry's own; where it has none, the new value with its last part as the variable."""
    if "template" in edit:
        ((variable, _),) = edit["vars_new"].items()
        name = "version" if variable == "version" else f"tags.{variable}"
        return str(edit["template"]).replace(f"{{{variable}}}", f"{{{name}}}")
    head, tail = re.fullmatch(r"(.*?)(v?[0-9]+)((?:/model\.tar\.gz)?)", edit["new"]).group(1, 3)  # type: ignore[union-attr]
    return f"{head}{{version}}{tail}"


def _binding(entry: dict[str, Any], edit: dict[str, Any]) -> Binding:
    doc = DocSelector(edit["doc"].get("kind"), edit["doc"].get("name")) if isinstance(edit["doc"], dict) else None
    at = selector_text(tuple(_step(part) for part in edit["path"]))
    return Binding(entry["file"], doc, at, _template(edit))


def _changed(before: bytes, after: bytes) -> list[int]:
    """The lines that differ. Line ends stay, all of them."""
    pairs = list(zip(before.splitlines(keepends=True), after.splitlines(keepends=True), strict=True))
    assert all(a[len(a.rstrip()) :] == b[len(b.rstrip()) :] for a, b in pairs)
    return [number for number, (a, b) in enumerate(pairs, 1) if a != b]


def _variables(entry: dict[str, Any]) -> dict[str, str]:
    """What all its templates say together of the new values."""
    found: dict[str, str] = {}
    for edit in entry["edits"]:
        found |= read_back(_template(edit), edit["new"], {}) or {}
    return found


@pytest.mark.parametrize("entry", _edited())
def test_exactly_the_expected_lines_change(entry: dict[str, Any]) -> None:
    """All edits of a file as one."""
    file = entry["file"]
    content, edits = (CORPUS / file).read_bytes(), entry["edits"]
    result = render(target(*(_binding(entry, edit) for edit in edits)), {file: content}, _variables(entry))
    after = result.files[file]
    assert _changed(content, after) == entry["expected_changed_lines"]
    seen = {one.line: (one.old.text, one.new.text) for one in result.edits}
    assert seen == {edit["line"]: (edit["old"], edit["new"]) for edit in edits}
    lines, olds = after.splitlines(keepends=True), content.splitlines(keepends=True)
    for edit in edits:
        assert lines[edit["line"] - 1] == olds[edit["line"] - 1].replace(edit["old"].encode(), edit["new"].encode())
    back = YamlFile(file, after)
    leaves = [back.leaf(_binding(entry, edit)).at for edit in edits]
    assert back.edited(dict(zip(leaves, (edit["old"] for edit in edits), strict=True))).content == content


@pytest.mark.parametrize("entry", _edited())
def test_the_deployed_version_is_read(entry: dict[str, Any]) -> None:
    content = (CORPUS / entry["file"]).read_bytes()
    for edit in entry["edits"]:
        seen = read(target(_binding(entry, edit)), {entry["file"]: content})
        assert (seen.raw, seen.line) == (edit["old"], edit["line"])
        if "template" in edit:
            assert (seen.state, list(seen.variables.values())) == ("pinned", list(edit["vars_old"].values()))
        else:
            assert seen.state == "not_pinned"


@pytest.mark.parametrize("entry", _refused())
def test_what_cannot_be_edited_is_refused(entry: dict[str, Any]) -> None:
    content = (CORPUS / entry["file"]).read_bytes()
    for at in ("spec.chart.spec.version", "spec.predictor.container.image", "image"):
        chosen = target(Binding(entry["file"], None, at, "{version}"))
        seen = read(chosen, {entry["file"]: content})
        assert seen.state == ("not_pinned" if entry["id"] == "48" and at.startswith("spec.chart") else "unreadable")
        with pytest.raises(Refused):
            render(chosen, {entry["file"]: content}, {"version": "2"})


def test_all_are_here() -> None:
    assert len(_edited()) + len(_refused()) == len(_entries()) == 20
