"""What differs between two commits of a target's files: each bound value, before and after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from bot.domain.change import Edit, Scalar
from bot.domain.policy.model import Binding, Target
from bot.errors import Refused
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf
from bot.manifests.presence import leaf_if_there

NOTHING = Scalar("absent", "")
WHOLE = "(the whole file)"


def value_edits(target: Target, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Edit, ...]:
    """The bound values that differ, those of a ladder's traffic included. Where one side cannot be read, its file
    stands for what it holds, by the digest of its bytes."""
    old, new = OpenTarget(target, before), OpenTarget(target, after)
    found = (_edit(binding, old, new, before, after) for binding in (*target.bindings, *target.traffic))
    return tuple(sorted({(one.file, one.selector): one for one in found if one is not None}.values()))


def file_edits(paths: Iterable[str], before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Edit, ...]:
    """The files that differ, each as a whole."""
    changed = sorted(path for path in paths if before.get(path) != after.get(path))
    return tuple(Edit(path, WHOLE, _bytes(before.get(path)), _bytes(after.get(path))) for path in changed)


def _edit(
    binding: Binding, old: OpenTarget, new: OpenTarget, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Edit | None:
    try:
        was, now = leaf_if_there(old, binding), leaf_if_there(new, binding)
    except Refused:
        return next(iter(file_edits([binding.file], before, after)), None)
    there = was or now
    if there is None or _scalar(was) == _scalar(now):
        return None
    return Edit(binding.file, there.at, _scalar(was), _scalar(now), there.line)


def _scalar(leaf: Leaf | None) -> Scalar:
    return leaf.scalar if leaf else NOTHING


def _bytes(data: bytes | None) -> Scalar:
    return NOTHING if data is None else Scalar("file", hashlib.sha256(data).hexdigest())
