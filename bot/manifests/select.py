"""Selectors at work: from a document to the one scalar that is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.policy.model import Binding, DocSelector
from bot.domain.policy.nodes import AliasNode, Document, MappingNode, Node, ScalarNode, SequenceNode
from bot.domain.policy.selectors import Index, Inside, Key, Match, Selector, Step, parse_selector, selector_text
from bot.manifests.refusals import short, unreadable

Path = tuple[Node, ...]
MAX_INSIDE = 4


@dataclass(frozen=True)
class Query:
    """What is looked for: ``steps`` from the roots of ``doc``'s documents; ``at`` is how people read it."""

    doc: DocSelector | None
    steps: Selector
    at: str

    def split(self) -> tuple[Query, str | None, Query]:
        """The steps up to the first that leads into a scalar's text, that text's format, and what comes then."""
        place = next((i for i, step in enumerate(self.steps) if isinstance(step, Inside)), None)
        if place is None:
            return self, None, Query(None, (), self.at)
        format_ = str(getattr(self.steps[place], "format", ""))
        return Query(self.doc, self.steps[:place], self.at), format_, Query(None, self.steps[place + 1 :], self.at)


@dataclass(frozen=True)
class Found:
    """The scalar, its document, and everything around it from the root inwards."""

    document: Document
    node: ScalarNode
    around: Path


def query_of(binding: Binding) -> Query:
    """What the binding looks for. Raises Refused for a selector that is not understood."""
    doc = binding.doc
    parts = [f"{k}={v}" for k, v in (("kind", doc.kind), ("name", doc.name)) if v is not None] if doc else []
    steps = _steps(binding)
    text = selector_text(steps)
    return Query(doc, steps, f"{{{','.join(parts)}}} {text}" if parts else text)


def selector_of(binding: Binding) -> str:
    """The binding's selector in the one way that the bot writes it, its document first. Raises Refused."""
    return query_of(binding).at


def _steps(binding: Binding) -> Selector:
    try:
        steps = parse_selector(binding.at)
    except ValueError as error:
        raise unreadable(binding.file, f"the selector {short(binding.at)} is not understood: {error}") from None
    if sum(isinstance(step, Inside) for step in steps) > MAX_INSIDE:
        raise unreadable(binding.file, f"the selector {short(binding.at)} goes into more than {MAX_INSIDE} texts")
    return steps


def chosen(documents: list[Document], doc: DocSelector | None) -> list[Document]:
    """The documents that are meant; all of them where nothing is said."""
    return [document for document in documents if doc is None or _is_meant(document.root, doc)]


def _is_meant(root: Node, doc: DocSelector) -> bool:
    def says(value: str | None, *keys: str) -> bool:
        return value is None or any(
            isinstance(path[-1], ScalarNode) and path[-1].value == value
            for path in select((root,), tuple(Key(key) for key in keys))
        )

    return says(doc.kind, "kind") and says(doc.name, "metadata", "name")


def select(path: Path, steps: Selector) -> Iterator[Path]:
    """Every path that the steps lead to. An alias ends a path: it is not followed, so no text can make many of few."""
    if not steps or isinstance(path[-1], AliasNode):
        yield path
        return
    for node in children(path[-1], steps[0]):
        yield from select((*path, node), steps[1:])


def children(node: Node, step: Step) -> Iterator[Node]:
    """What a step leads to from a node."""
    match step:
        case Key(name) if isinstance(node, MappingNode):
            yield from (value for key, value in node.items if isinstance(key, ScalarNode) and key.value == name)
        case Index(number) if isinstance(node, SequenceNode):
            yield from node.items[number : number + 1]
        case Match(keys, value) if isinstance(node, SequenceNode):
            wanted = tuple(Key(key) for key in keys)
            for item in node.items:
                ends = (path[-1] for path in select((item,), wanted))
                if any(isinstance(end, ScalarNode) and end.value == value for end in ends):
                    yield item


def scalar_at(file: str, at: str, path: Path) -> ScalarNode:
    """The scalar that a path ends in. Raises Refused for a collection, and for an alias on the way."""
    alias = next((node for node in path if isinstance(node, AliasNode)), None)
    if alias is not None:
        raise unreadable(file, f"{at} leads through the alias *{alias.target.anchor} in line {alias.line}")
    node = path[-1]
    if isinstance(node, ScalarNode):
        return node
    if isinstance(node, MappingNode) and node.flow and all(is_null(value) for _, value in node.items) and node.items:
        what = "{{ }}" if any(isinstance(key, MappingNode) for key, _ in node.items) else "a {placeholder}"
        raise unreadable(file, f"is a template ({at} holds {what} in line {node.line}), not data")
    kind = "a mapping" if isinstance(node, MappingNode) else "a list"
    raise unreadable(file, f"{at} selects {kind}, expected one plain value")


def is_null(node: Node) -> bool:
    """Whether nothing at all is written there (YAML)."""
    return isinstance(node, ScalarNode) and not node.value and not node.style


def refuse_shared(file: str, at: str, found: Found) -> None:
    """Raises Refused when an alias elsewhere repeats the scalar, because it would change there too."""
    shared = next((node for node in (*found.around, found.node) if id(node) in found.document.aliased), None)
    if shared is not None:
        raise unreadable(file, f"{at} stands inside the anchor &{shared.anchor}, which an alias uses elsewhere")
