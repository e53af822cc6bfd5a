"""YAML files."""

from __future__ import annotations

from bot.manifests.syntax import YAML
from bot.manifests.tree_file import TreeFile


class YamlFile(TreeFile):
    """A file of YAML documents. Values may be bound inside of JSON or YAML that its scalars hold."""

    format = YAML
