"""Manifests of the deployment repo: read back, edited byte for byte, and shown as a diff."""

from bot.manifests.blocks import block_text, foreign_edits
from bot.manifests.diff import unified_diff
from bot.manifests.reading import Reading, read
from bot.manifests.rendering import Rendered, render, variables_needed
from bot.manifests.restoring import restore
from bot.manifests.unpinning import unpin

__all__ = [
    "Reading",
    "Rendered",
    "block_text",
    "foreign_edits",
    "read",
    "render",
    "restore",
    "unified_diff",
    "unpin",
    "variables_needed",
]
