"""Why a selector leads to nothing: the last place that is there, and what is missing in it."""

from __future__ import annotations

from bot.domain.policy.nodes import AliasNode, Document, MappingNode, Node, ScalarNode, SequenceNode
from bot.domain.policy.selectors import Index, Key, Match, Selector, Step, selector_text
from bot.domain.policy.shown import nearest
from bot.errors import Refused
from bot.manifests.refusals import Absent, unreadable
from bot.manifests.select import Query, children


def missing(file: str, query: Query, documents: list[Document]) -> Refused:
    """Absent, where the value could stand there and does not; else TARGET_UNREADABLE: a merge key may say it, or
    something else stands where a mapping or a list was expected."""
    ends = [_deepest(document.root, query.steps) for document in documents]
    nodes, length = max(ends, key=lambda end: end[1])
    at, step = selector_text(query.steps[: length + 1]), query.steps[length]
    message = f"{query.at} selects 0 values, expected 1; {at} is not there{_near(nodes[0], step)}"
    refuse = unreadable if any(_unfit(node, query.steps[depth]) for some, depth in ends for node in some) else Absent
    return refuse(file, message)


def _deepest(root: Node, steps: Selector) -> tuple[list[Node], int]:
    """The nodes to which most of the steps lead, and how many steps."""
    nodes = [root]
    for length, step in enumerate(steps):
        inside = [child for node in nodes for child in children(node, step)]
        if not inside:
            return nodes, length
        nodes = inside
    return nodes, 0


def _unfit(node: Node, step: Step) -> bool:
    """Whether it is not certain that the step could lead to something new here."""
    match node:
        case ScalarNode():
            return bool(node.style) or node.value.lower() not in ("", "~", "null")
        case MappingNode():
            return not isinstance(step, Key) or "<<" in _keys(node)
        case SequenceNode():
            return isinstance(step, Key) or (isinstance(step, Match) and any(map(_borrows, node.items)))
    return True


def _borrows(item: Node) -> bool:
    return isinstance(item, AliasNode) or (isinstance(item, MappingNode) and "<<" in _keys(item))


def _near(node: Node, step: Step) -> str:
    match node, step:
        case MappingNode(), Key(name):
            keys = _keys(node)
            near = nearest(name, keys)
            merged = "; a merge key (<<) is not followed" if "<<" in keys else ""
            return f"{f', did you mean {near}?' if near else ''}{merged}"
        case SequenceNode(), Index():
            return f"; the list has {len(node.items)}"
        case _:
            kind = {MappingNode: "a mapping", SequenceNode: "a list"}.get(type(node), "a plain value")
            return f"; {kind} stands in line {node.line}" if _unfit(node, step) else ""


def _keys(node: MappingNode) -> list[str]:
    return [key.value for key, _ in node.items if isinstance(key, ScalarNode)]
