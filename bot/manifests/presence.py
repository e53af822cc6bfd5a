"""Whether a bound value is there, where the policy allows that it is not."""

from __future__ import annotations

from bot.domain.policy.model import Binding
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf
from bot.manifests.refusals import Absent


def leaf_if_there(opened: OpenTarget, binding: Binding) -> Leaf | None:
    """The bound scalar; None where it is absent and the policy says what holds then. Raises Refused otherwise."""
    try:
        return opened.leaf(binding)
    except Absent:
        if binding.absent == "refuse":
            raise
        return None
