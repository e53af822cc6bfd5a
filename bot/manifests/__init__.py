"""Manifests of the deployment repo: read back, edited byte for byte, and shown as a diff."""

from bot.manifests.diff import unified_diff
from bot.manifests.reading import Reading, read
from bot.manifests.rendering import Rendered, render, variables_needed

__all__ = ["Reading", "Rendered", "read", "render", "unified_diff", "variables_needed"]
