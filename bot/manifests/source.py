"""Files whose parts can be inserted, taken out and restored whole: those that are trees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.manifests.json_format import JsonFile
from bot.manifests.refusals import unreadable
from bot.manifests.tree_file import TreeFile
from bot.manifests.yaml_format import YamlFile

TREES: Final[Mapping[str, type[TreeFile]]] = {"yaml": YamlFile, "json": JsonFile}


def source(file: str, format_: str, content: bytes) -> TreeFile:
    """The file, parsed. Raises Refused for a format that has no tree, and for what is not plain data."""
    if format_ not in TREES:
        raise unreadable(file, f"only values are changed in {format_} files; keys and blocks in {' and '.join(TREES)}")
    return TREES[format_](file, content)
