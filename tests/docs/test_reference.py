"""Every command, setting, policy key and reason code appears in the reference, and the reference names no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.cli import app
from bot.domain.grammar import USAGE
from bot.domain.policy.schema import PolicyFile
from bot.errors import Reason
from bot.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"


def first_column(page: str) -> set[str]:
    rows = re.findall(r"^\| (.+?) \|", (REFERENCE / page).read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_reason_codes():
    assert first_column("reasons.md") == {reason.value for reason in Reason}


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_code_is_used(reason):
    root = DOCS.parent
    uses = [p for folder in ("bot", "handlers") for p in (root / folder).rglob("*.py") if p.name != "errors.py"]
    assert any(f"Reason.{reason.name}" in path.read_text() for path in uses), reason


def test_settings():
    assert first_column("settings.md") == {name.upper() for name in Settings.model_fields}


def keys(model: type[BaseModel]) -> set[str]:
    """The keys of a section and of every section below it."""
    found: set[str] = set()
    for definition in [model.model_json_schema(), *model.model_json_schema().get("$defs", {}).values()]:
        found |= set(definition.get("properties", {}))
    return found


LATER = {
    "after",
    "windows",
    "steps",
    "on_healthy",
    "fan_out",
    "propose",
    "alerts",
    "drift",
    "retrain",
    "vars",
    "rollout",
}


def test_policy_keys():
    page = (REFERENCE / "policy.md").read_text()
    missing = [key for key in keys(PolicyFile) if f"`{key}`" not in page and not _below_later(key)]
    assert missing == []


def _below_later(key: str) -> bool:
    """Keys of sections that a later version carries out are documented with them."""
    schema = PolicyFile.model_json_schema()["$defs"]
    below = {
        "After",
        "Window",
        "Steps",
        "OnHealthy",
        "FanOut",
        "OnAlias",
        "Alerts",
        "Ci",
        "Storm",
        "Drift",
        "DriftIncident",
    }
    below |= {"Digest", "Retrain", "Workflow", "VariableRule"}
    return any(key in schema[name].get("properties", {}) for name in below if name in schema)


def test_command_line():
    page = (REFERENCE / "commands.md").read_text()
    names = [command.name or command.callback.__name__ for command in app.registered_commands]
    assert [name for name in names if f"slackops {name}" not in page] == []


def test_slash_commands():
    page = (REFERENCE / "commands.md").read_text()
    assert [name for name in USAGE if f"/{name.removeprefix('/')}" not in page] == []


def test_adr_index_names_every_decision():
    index = (DOCS / "adr" / "README.md").read_text()
    pages = sorted(p.name for p in (DOCS / "adr").glob("0*.md"))
    assert pages
    assert [page for page in pages if page not in index] == []


@pytest.mark.parametrize("page", sorted([*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]), ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
