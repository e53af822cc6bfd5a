"""Whether a bound value is there, where the policy allows that it is not."""

from __future__ import annotations

from bot.domain.policy.model import Binding
from bot.errors import Refused
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf
from bot.manifests.refusals import Absent
from bot.manifests.tree_file import TreeFile


def leaf_if_there(opened: OpenTarget, binding: Binding) -> Leaf | None:
    """The bound scalar; None where it is absent and the policy says what holds then. Raises Refused otherwise."""
    try:
        return opened.leaf(binding)
    except Absent:
        if binding.absent == "refuse":
            raise
        return None
    except Refused:
        if binding.absent == "refuse" or not _is_empty(opened, binding):
            raise
        return None


def _is_empty(opened: OpenTarget, binding: Binding) -> bool:
    """Whether the file holds no document at all, so that the one that is meant is not there either."""
    try:
        file = opened.file(binding)
    except Refused:
        return False
    return isinstance(file, TreeFile) and not file.documents and binding.doc is None
