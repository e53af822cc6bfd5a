"""The way to a place in a tree, as far as there is one: for what inserts, removes and restores."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.policy.model import Binding
from bot.domain.policy.nodes import AliasNode, Document, MappingNode, Node, ScalarNode, SequenceNode, walk
from bot.domain.policy.selectors import Inside, Selector
from bot.errors import Refused
from bot.manifests.proof import alike, flat
from bot.manifests.refusals import unreadable
from bot.manifests.select import Query, query_of, select
from bot.manifests.tree import Tree


@dataclass(frozen=True)
class Way:
    """``nodes`` lead from the root along ``taken``; ``rest`` are the steps for which nothing is there."""

    document: Document
    nodes: tuple[Node, ...]
    taken: Selector
    rest: Selector

    @property
    def end(self) -> Node:
        """The last node that is there."""
        return self.nodes[-1]

    @property
    def parent(self) -> Node | None:
        """The node around the end; None at the root."""
        return self.nodes[-2] if len(self.nodes) > 1 else None


def way(tree: Tree, binding: Binding) -> Way:
    """As far as the binding's selector leads. Raises Refused where more than one place, or none for certain, is meant,
    and where it leads on into a scalar's text."""
    query = query_of(binding)
    if any(isinstance(step, Inside) for step in query.steps):
        raise unreadable(tree.file, f"{query.at} leads into text; only what stands there can be changed")
    return along(tree, query)


def along(tree: Tree, query: Query) -> Way:
    """As far as steps without `|yaml|` lead. Raises Refused."""
    ways = [_along(tree, query, document) for document in tree.chosen(query.doc)]
    meant = ways if len(ways) == 1 else [one for one in ways if not one.rest]
    if len(meant) == 1:
        return meant[0]
    unblock = "Name the document in the policy (doc: {kind, name})."
    raise unreadable(tree.file, f"{query.at} could be in {len(ways)} documents, expected 1", unblock)


def _along(tree: Tree, query: Query, document: Document) -> Way:
    nodes: list[Node] = [document.root]
    for place, step in enumerate(query.steps):
        hits = [path[-1] for path in select((nodes[-1],), (step,))] if not isinstance(nodes[-1], AliasNode) else []
        if not hits:
            return Way(document, tuple(nodes), query.steps[:place], query.steps[place:])
        if len(hits) > 1:
            raise unreadable(tree.file, f"{query.at} leads to {len(hits)} places, expected 1")
        nodes.append(hits[0])
    return Way(document, tuple(nodes), query.steps, ())


def refuse_repeated(tree: Tree, at: str, found: Way) -> None:
    """Raises Refused where an alias leads to the place, or repeats it elsewhere."""
    for node in found.nodes:
        if isinstance(node, AliasNode):
            raise unreadable(tree.file, f"{at} leads through the alias *{node.target.anchor} in line {node.line}")
        if id(node) in found.document.aliased:
            raise unreadable(tree.file, f"{at} stands inside the anchor &{node.anchor}, which an alias uses elsewhere")


def exchange(parent: Node | None, document: Document, old: Node, new: Node) -> None:
    """Put another node in the place of one, in a tree that is the caller's own."""
    if isinstance(parent, MappingNode):
        parent.items = [(key, new if value is old else value) for key, value in parent.items]
    elif isinstance(parent, SequenceNode):
        parent.items = [new if item is old else item for item in parent.items]
    else:
        document.root = new


def reparsed(tree: Tree, text: str, what: str) -> Tree:
    """Another text of the same file. Raises Refused, naming ``what`` was tried, where the edit has broken it."""
    try:
        return Tree(tree.file, text, tree.syntax)
    except Refused:
        raise unreadable(tree.file, f"{what} would break the file") from None


def same(before: list[Document], after: list[Document]) -> bool:
    """Whether two texts say the same, places aside."""
    return len(before) == len(after) and same_nodes(flat(before), flat(after))


def same_nodes(before: list[Node], after: list[Node]) -> bool:
    """Whether two lists of nodes are the same, places aside."""
    return len(before) == len(after) and all(_same(*pair) for pair in zip(before, after, strict=True))


def _same(old: Node, new: Node) -> bool:
    if isinstance(old, AliasNode) and isinstance(new, AliasNode):
        return old.target.anchor == new.target.anchor
    return alike(old, new)


def is_null(tree: Tree, node: Node) -> bool:
    """Whether nothing, or null, stands there; with no anchor or tag that would have to stay."""
    bare = isinstance(node, ScalarNode) and node.anchor is None and node.tag is None
    return bare and isinstance(node, ScalarNode) and tree.syntax.type_of(node) == "null"


def within(root: Node) -> set[int]:
    """The ids of a node and of all that is in it."""
    return {id(node) for node in walk(root)}
