"""Learning what a file's look-alikes have in common: all but its bound scalars, whose places the parser tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.domain.policy.model import Binding, Target
from bot.domain.policy.selectors import Inside, Key, Match, parse_selector
from bot.errors import Refused
from bot.manifests.fleet_names import Names
from bot.manifests.fleet_shape import MAX_BYTES, MAX_GAP, Gap, Shape, fit, gap_between
from bot.manifests.formats import OpenTarget
from bot.manifests.leaf import Leaf
from bot.manifests.own import content_start
from bot.manifests.presence import leaf_if_there
from bot.manifests.select import query_of
from bot.manifests.tree_file import TreeFile

SHAPED: Final = frozenset({"yaml", "json"})


class _Untold(Exception):  # noqa: N818  (stays inside this module)
    """The scalar is written in a way that has no place for other text."""


def learn(target: Target, names: Names, file: str, content: bytes) -> Shape | None:
    """The shape of one file of the target; None where it cannot be read, or look-alikes may mean another thing."""
    bindings = [binding for binding in target.bindings if binding.file == file]
    formats = {binding.format for binding in bindings}
    if len(formats) != 1 or not formats <= SHAPED or len(content) > MAX_BYTES or _depends_on_values(bindings):
        return None
    try:
        return _shape(OpenTarget(target, {file: content}), bindings, names, content)
    except (Refused, _Untold):
        return None


def _depends_on_values(bindings: Sequence[Binding]) -> bool:
    """Whether a bound value may decide which value is meant, or stands inside of another text."""
    paths = [parse_selector(binding.at) for binding in bindings]
    asked = {step.path[-1] for path in paths for step in path if isinstance(step, Match)}
    asked |= {"kind", "name"} if any(binding.doc for binding in bindings) else set()
    ends = {path[-1].name for path in paths if isinstance(path[-1], Key)}
    return bool(asked & ends) or any(isinstance(step, Inside) for path in paths for step in path)


def _shape(opened: OpenTarget, bindings: Sequence[Binding], names: Names, content: bytes) -> Shape | None:
    leaves = [leaf_if_there(opened, binding) for binding in bindings]
    bound = [(one, leaf) for one, leaf in zip(bindings, leaves, strict=True) if leaf is not None]
    spots = sorted({_spot(opened, binding, leaf) for binding, leaf in bound})
    pieces = _apart(content, spots)
    hidden = [names.hide_bytes(piece) for piece in pieces]
    parts = [part for part in hidden if part is not None]
    gaps = _gaps(parts, names, spots, bindings[0].format)
    if len(parts) != len(pieces) or gaps is None or not fit(parts, bindings[0].format):
        return None
    at = {spot.at: place for place, spot in enumerate(spots)}
    return Shape(tuple(parts), tuple(gaps), tuple(None if leaf is None else at[leaf.at] for leaf in leaves))


class _Spot(NamedTuple):
    """A bound scalar in the file's bytes, without its quotes."""

    start: int
    end: int
    at: str
    text: str
    line: int


def _spot(opened: OpenTarget, binding: Binding, leaf: Leaf) -> _Spot:
    """Where the scalar stands. Raises _Untold where what is written is not what it says."""
    file = opened.file(binding)
    if not isinstance(file, TreeFile):
        raise _Untold
    node, text = file.found(query_of(binding)).node, leaf.scalar.text
    start = content_start(file.text, node)
    quotes = len(node.style) if node.style in ("'", '"') else 0
    if start is None or file.text[start + quotes : node.end - quotes] != text:
        raise _Untold
    offset = len(file.encoded(file.text[: start + quotes]))
    return _Spot(offset, offset + len(text.encode()), leaf.at, text, leaf.line)


def _apart(content: bytes, spots: Sequence[_Spot]) -> list[bytes]:
    """What stands around the spots."""
    starts = [0, *(spot.end for spot in spots)]
    ends = [*(spot.start for spot in spots), len(content)]
    return [content[start:end] for start, end in zip(starts, ends, strict=True)]


def _gaps(parts: Sequence[bytes], names: Names, spots: Sequence[_Spot], format_: str) -> list[Gap] | None:
    gaps = []
    for before, spot, after in zip(parts, spots, parts[1:], strict=False):
        text = spot.text
        gap = gap_between(before, names.hide(text).encode(), after, spot.line, format_)
        if gap is None or len(text) > MAX_GAP:
            return None
        gaps.append(gap)
    return gaps
