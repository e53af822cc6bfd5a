"""Files whose parts can be inserted, taken out and restored whole: those that are trees."""

from __future__ import annotations

from bot.manifests.formats import FORMATS
from bot.manifests.refusals import unreadable
from bot.manifests.tree_file import TreeFile


def source(file: str, format_: str, content: bytes) -> TreeFile:
    """The file, parsed. Raises Refused for a format that has no tree, and for what is not plain data."""
    opened = FORMATS[format_]
    if not issubclass(opened, TreeFile):
        trees = " and ".join(name for name, one in FORMATS.items() if issubclass(one, TreeFile))
        raise unreadable(file, f"only values are changed in {format_} files; keys and blocks in {trees}")
    return opened(file, content)
