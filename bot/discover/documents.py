"""Files opened as documents, or the reason why not. Nothing here raises: what cannot be read is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from bot.domain.policy.model import Format
from bot.domain.policy.nodes import Document, MappingNode, YamlError, parse_yaml
from bot.domain.policy.parse import is_policy_file
from bot.errors import Refused
from bot.manifests.json_nodes import JsonError, parse_json
from bot.manifests.shapes import refuse_language

MAX_BYTES: Final = 1024 * 1024
MAX_FILES: Final = 20_000
_MAX_NODES: Final = 100_000
_FOLDERS: Final = frozenset(
    {".git", ".github", ".gitlab", ".circleci", "node_modules", "vendor", ".venv", "venv", "__pycache__"}
)
_FORMATS: Final[Mapping[str, Format]] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
# What makes a file worth a word when it cannot be read.
_TELLING: Final = re.compile(r"(?i)image|storageuri|model[_-]?(?:uri|version)|newtag|targetrevision|kind:\s*\w+")


@dataclass(frozen=True)
class Opened:
    """A file's documents whose root is a mapping, out of ``in_all``. ``references``: a URI may stand in it."""

    path: PurePosixPath
    format: Format
    documents: tuple[Document, ...]
    in_all: int
    references: bool


def worth_reading(path: str, charts: frozenset[str]) -> bool:
    """Whether a path may declare anything. ``charts``: the folders that hold a Chart.yaml, whose templates do not."""
    at = PurePosixPath(path)
    if not _may_tell(at) or is_policy_file(path) or _FOLDERS & set(at.parts[:-1]):
        return False
    return not any(
        str(outer) in charts and at.parts[len(outer.parts)] in ("templates", "charts", "crds") for outer in at.parents
    )


def _may_tell(at: PurePosixPath) -> bool:
    return at.name == "Kustomization" or at.suffix.lower() in _FORMATS or language(str(at)) is not None


def language(path: str) -> str | None:
    """What a file is by its name, when that is a program or a template and no data."""
    try:
        refuse_language(path)
    except Refused as refused:
        return refused.message.partition(": ")[2]
    return None


def charts_of(paths: Iterable[str]) -> frozenset[str]:
    """The folders of Helm charts."""
    return frozenset(str(PurePosixPath(path).parent) for path in paths if path.rpartition("/")[2] == "Chart.yaml")


def open_file(path: str, content: bytes) -> Opened | str | None:
    """The documents; or why it is left out; or None where it is nobody's business."""
    at = PurePosixPath(path)
    if b"\0" in content[:8192]:
        return None
    other = language(path)
    if other:
        return other if _tells(content) else None
    form = "yaml" if at.name == "Kustomization" else _FORMATS.get(at.suffix.lower())
    if form is None:
        return None
    if len(content) > MAX_BYTES:
        return f"has {len(content)} bytes; at most {MAX_BYTES} are looked at"
    return _parsed(at, form, content)


def _parsed(at: PurePosixPath, form: Format, content: bytes) -> Opened | str | None:
    try:
        text = content.decode().removeprefix("\ufeff")
        documents = (parse_json if form == "json" else parse_yaml)(text, _MAX_NODES)
    except UnicodeDecodeError:
        return "is not UTF-8" if _tells(content) else None
    except (YamlError, JsonError) as error:
        if not _tells(content):
            return None
        template = "{{" in text or "{%" in text
        return "is a template, not data" if template else f"line {error.line}: {error.message}"
    maps = tuple(document for document in documents if isinstance(document.root, MappingNode))
    return Opened(at, form, maps, len(documents), ":/" in text) if maps else None


def _tells(content: bytes) -> bool:
    return _TELLING.search(content[:MAX_BYTES].decode(errors="replace")) is not None
