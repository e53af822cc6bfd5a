"""JSON files."""

from __future__ import annotations

from bot.manifests.syntax import JSON
from bot.manifests.tree_file import TreeFile


class JsonFile(TreeFile):
    """A file of one JSON value (RFC 8259): no comments, no trailing commas."""

    format = JSON
