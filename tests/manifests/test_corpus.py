"""Real manifests of public repositories: exactly the expected lines change, or the file is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.domain.policy import Binding, DocSelector
from bot.domain.policy.selectors import Index, Key, Match, selector_text
from bot.manifests import read, render
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


def _edits() -> list[Any]:
    """Those with a template of one variable; a step into a literal block is not supported."""
    return [
        pytest.param(entry, edit, id=f"{entry['id']}-{edit['selector']}")
        for entry in _entries()
        for edit in entry["edits"]
        if "!yaml" not in edit["path"] and len(edit.get("vars_new") or {}) == 1
    ]


def _step(part: Any) -> Any:
    if isinstance(part, dict):
        ((key, value),) = part.items()
        return Match((key,), value)
    return Index(part) if isinstance(part, int) else Key(part)


@pytest.mark.parametrize(("entry", "edit"), _edits())
def test_exactly_the_expected_line_changes(entry: dict[str, Any], edit: dict[str, Any]) -> None:
    ((variable, old),), ((_, new),) = edit["vars_old"].items(), edit["vars_new"].items()
    doc = DocSelector(edit["doc"].get("kind"), edit["doc"].get("name")) if isinstance(edit["doc"], dict) else None
    at = selector_text(tuple(_step(part) for part in edit["path"]))
    template = edit["template"].replace(f"{{{variable}}}", "{version}")
    chosen, content = target(Binding(entry["file"], doc, at, template)), (CORPUS / entry["file"]).read_bytes()
    assert read(chosen, {entry["file"]: content}).version == old

    result = render(chosen, {entry["file"]: content}, {"version": new})
    after = result.files[entry["file"]]
    pairs = list(zip(content.split(b"\n"), after.split(b"\n"), strict=True))
    changed = [number for number, (a, b) in enumerate(pairs, 1) if a != b]
    assert changed == [edit["line"]] == [result.edits[0].line]
    assert (result.edits[0].old.text, result.edits[0].new.text) == (edit["old"], edit["new"])
    assert render(chosen, {entry["file"]: after}, {"version": old}).files[entry["file"]] == content


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["id"]) for entry in _entries() if entry["refuse"]])
def test_what_cannot_be_edited_is_refused(entry: dict[str, Any]) -> None:
    content = (CORPUS / entry["file"]).read_bytes()
    for at in ("spec.chart.spec.version", "spec.predictor.container.image", "image"):
        seen = read(target(Binding(entry["file"], None, at, "{version}")), {entry["file"]: content})
        assert seen.state in ("unreadable", "not_pinned")
