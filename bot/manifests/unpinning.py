"""Un-pin: what the target says of its own is taken out, so that what it inherits holds again."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.change import Edit
from bot.domain.policy.model import Binding, Target
from bot.errors import Reason, Refused
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf
from bot.manifests.presence import leaf_if_there
from bot.manifests.refusals import unreadable
from bot.manifests.removing import removed
from bot.manifests.rendering import ABSENT, Rendered
from bot.manifests.source import source


def unpin(target: Target, files: Mapping[str, bytes]) -> Rendered:
    """The edits that take every bound key out, with the parents that held nothing else. None where none is there.

    Raises Refused: NOT_SUPPORTED where the policy says for a value that it must be there, TARGET_UNREADABLE where a key
    cannot be taken out for certain.
    """
    for binding in target.bindings:
        _refuse_needed(target, binding)
    content: dict[str, bytes] = {}
    edits: dict[tuple[str, str], Edit] = {}
    for binding, leaf in _there(target, files):
        if (leaf.file, leaf.at) not in edits:
            before = source(leaf.file, binding.format, content.get(leaf.file, files[leaf.file]))
            content[leaf.file] = before.encoded(removed(before, binding))
            edits[leaf.file, leaf.at] = Edit(leaf.file, leaf.at, leaf.scalar, ABSENT, leaf.line)
    if _there(target, {**files, **content}):
        raise unreadable(target.bindings[0].file, "taking the values out would leave some of them there")
    return Rendered(content, tuple(sorted(edits.values())))


def _there(target: Target, files: Mapping[str, bytes]) -> list[tuple[Binding, Leaf]]:
    opened = OpenTarget(target, files)
    found = ((binding, leaf_if_there(opened, binding)) for binding in target.bindings)
    return [(binding, leaf) for binding, leaf in found if leaf is not None]


def _refuse_needed(target: Target, binding: Binding) -> None:
    if binding.absent == "refuse":
        raise Refused(
            Reason.NOT_SUPPORTED,
            f"{binding.file}: without {binding.at} nothing would say which {target.model} {target.environment} has.",
            "Set when_absent for it in the policy (inherit:ENVIRONMENT or insert).",
        )
