"""Selectors at work: from a document to the one scalar that is meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.policy.model import Binding, DocSelector
from bot.domain.policy.nodes import AliasNode, Document, MappingNode, Node, ScalarNode, SequenceNode
from bot.domain.policy.selectors import Index, Key, Match, Selector, Step, parse_selector, selector_text
from bot.manifests.refusals import short, unreadable

Path = tuple[Node, ...]


@dataclass(frozen=True)
class Found:
    """The scalar, its document, and everything around it from the root inwards."""

    document: Document
    node: ScalarNode
    around: Path


def selector_of(binding: Binding) -> str:
    """The binding's selector in the one way that the bot writes it, its document first. Raises Refused."""
    doc = binding.doc
    parts = [f"{k}={v}" for k, v in (("kind", doc.kind), ("name", doc.name)) if v is not None] if doc else []
    steps = selector_text(_steps(binding))
    return f"{{{','.join(parts)}}} {steps}" if parts else steps


def _steps(binding: Binding) -> Selector:
    try:
        return parse_selector(binding.at)
    except ValueError as error:
        raise unreadable(binding.file, f"the selector {short(binding.at)} is not understood: {error}") from None


def find(documents: list[Document], binding: Binding) -> Found:
    """The one scalar that the binding selects. Raises Refused(TARGET_UNREADABLE) with the number found otherwise."""
    steps, at = _steps(binding), selector_of(binding)
    chosen = [d for d in documents if binding.doc is None or _is_meant(d.root, binding.doc)]
    if not chosen:
        raise unreadable(binding.file, f"no document is meant by {at}; the file has {len(documents)}")
    hits = [(document, path) for document in chosen for path in _select((document.root,), steps)]
    if len(hits) != 1:
        raise unreadable(binding.file, f"{at} selects {len(hits)} values, expected 1{_hint(chosen, steps, hits)}")
    document, path = hits[0]
    return Found(document, _scalar(binding.file, at, path), path[:-1])


def _is_meant(root: Node, doc: DocSelector) -> bool:
    def says(value: str | None, *keys: str) -> bool:
        return value is None or any(
            isinstance(path[-1], ScalarNode) and path[-1].value == value
            for path in _select((root,), tuple(Key(key) for key in keys))
        )

    return says(doc.kind, "kind") and says(doc.name, "metadata", "name")


def _select(path: Path, steps: Selector) -> Iterator[Path]:
    """Every path that the steps lead to. An alias ends a path: it is not followed, so no text can make many of few."""
    if not steps or isinstance(path[-1], AliasNode):
        yield path
        return
    for node in _inside(path[-1], steps[0]):
        yield from _select((*path, node), steps[1:])


def _inside(node: Node, step: Step) -> Iterator[Node]:
    """What a step leads to."""
    match step:
        case Key(name) if isinstance(node, MappingNode):
            yield from (value for key, value in node.items if isinstance(key, ScalarNode) and key.value == name)
        case Index(number) if isinstance(node, SequenceNode):
            yield from node.items[number : number + 1]
        case Match(keys, value) if isinstance(node, SequenceNode):
            wanted = tuple(Key(key) for key in keys)
            for item in node.items:
                ends = (path[-1] for path in _select((item,), wanted))
                if any(isinstance(end, ScalarNode) and end.value == value for end in ends):
                    yield item


def _scalar(file: str, at: str, path: Path) -> ScalarNode:
    alias = next((node for node in path if isinstance(node, AliasNode)), None)
    if alias is not None:
        raise unreadable(file, f"{at} leads through the alias *{alias.target.anchor} in line {alias.line}")
    node = path[-1]
    if isinstance(node, ScalarNode):
        return node
    if isinstance(node, MappingNode) and node.flow and all(_is_null(value) for _, value in node.items) and node.items:
        what = "{{ }}" if any(isinstance(key, MappingNode) for key, _ in node.items) else "a {placeholder}"
        raise unreadable(file, f"is a template ({at} holds {what} in line {node.line}), not data")
    kind = "a mapping" if isinstance(node, MappingNode) else "a list"
    raise unreadable(file, f"{at} selects {kind}, expected one plain value")


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.value and not node.style


def refuse_shared(file: str, at: str, found: Found) -> None:
    """Raises Refused when an alias elsewhere repeats the scalar, because it would change there too."""
    shared = next((node for node in (*found.around, found.node) if id(node) in found.document.aliased), None)
    if shared is not None:
        raise unreadable(file, f"{at} stands inside the anchor &{shared.anchor}, which an alias uses elsewhere")


def _hint(documents: list[Document], steps: Selector, hits: list[tuple[Document, Path]]) -> str:
    if hits:
        return f" (lines {', '.join(str(path[-1].line) for _, path in hits[:5])})"
    for length in range(len(steps) - 1, -1, -1):
        for document in documents:
            for path in _select((document.root,), steps[:length]):
                return _there(path[-1], steps[: length + 1])
    return ""


def _there(node: Node, steps: Selector) -> str:
    missing, step = selector_text(steps), steps[-1]
    if not isinstance(node, MappingNode) or not isinstance(step, Key):
        return f"; {missing} is not there"
    keys = [key.value for key, _ in node.items if isinstance(key, ScalarNode)]
    near = difflib.get_close_matches(step.name, keys[:200], n=1)
    merged = "; a merge key (<<) is not followed" if "<<" in keys else ""
    return f"; {missing} is not there{f', did you mean {near[0]}?' if near else ''}{merged}"
