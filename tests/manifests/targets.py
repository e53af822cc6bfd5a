"""Short ways to say a target in a test."""

from __future__ import annotations

from typing import Literal

from bot.domain.policy import Binding, DocSelector, Target
from bot.manifests import Rendered, render

FILE = "models/m/prod.yaml"


def bound(at: str, template: str = "{version}", file: str = FILE, **more: str) -> Binding:
    """One binding; ``kind`` and ``name`` choose the document, ``format`` may be json."""
    doc = DocSelector(more.get("kind"), more.get("name")) if {"kind", "name"} & more.keys() else None
    role: Literal["primary", "companion"] = "companion" if "companion" in more else "primary"
    return Binding(file, doc, at, template, role, "json" if more.get("format") == "json" else "yaml")


def target(*bindings: Binding) -> Target:
    """A target of model m in prod."""
    return Target("m", "prod", bindings)


def edit(text: str | bytes, at: str = "tag", version: str = "42", template: str = "{version}", **more: str) -> str:
    """The text with a new version at one place."""
    return decoded(rendered(text, at, version, template, **more), text)


def rendered(
    text: str | bytes, at: str = "tag", version: str = "42", template: str = "{version}", **more: str
) -> Rendered:
    """What rendering one file gives."""
    return render(target(bound(at, template, **more)), {FILE: encoded(text)}, {"version": version})


def encoded(text: str | bytes) -> bytes:
    """Bytes of a test's text."""
    return text.encode() if isinstance(text, str) else text


def decoded(result: Rendered, text: str | bytes) -> str:
    """The file as it is afterwards."""
    return result.files.get(FILE, encoded(text)).decode()
