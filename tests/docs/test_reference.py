"""Every command, setting, policy key and reason code appears in the reference, and the reference names no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from bot.cli import app
from bot.domain.grammar import USAGE
from bot.domain.policy.base import Section
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


def sections() -> dict[str, type[Section]]:
    """The sections of a policy file by name, whatever stands in a model of pydantic's that is not one."""
    found: dict[str, type[Section]] = {}
    waiting: list[type[Section]] = [PolicyFile]
    while waiting:
        section = waiting.pop()
        if section.__name__ not in found:
            found[section.__name__] = section
            waiting += [one for field in section.model_fields.values() for one in within(field.annotation)]
    return found


def within(annotation: object) -> list[type[Section]]:
    """The sections that a field's type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [one for part in get_args(annotation) for one in within(part)]


def test_policy_keys():
    page = (REFERENCE / "policy.md").read_text()
    shown = sections()
    assert len(shown) > 8
    keys = {field.alias or key for one in shown.values() for key, field in one.model_fields.items()}
    assert [key for key in sorted(keys) if not re.search(rf"`{key}[`:]", page)] == []


def test_command_line():
    page = (REFERENCE / "commands.md").read_text()
    names = [command.name or command.callback.__name__ for command in app.registered_commands]
    assert [name for name in names if f"slackops {name}" not in page] == []


def test_slash_commands():
    page = (REFERENCE / "commands.md").read_text()
    assert [usage for usage in USAGE.values() if usage.split()[0] not in page] == []


def test_adr_index_names_every_decision():
    index = (DOCS / "adr" / "README.md").read_text()
    pages = sorted(p.name for p in (DOCS / "adr").glob("0*.md"))
    assert pages
    assert [page for page in pages if page not in index] == []


@pytest.mark.parametrize("page", sorted([*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")]), ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
