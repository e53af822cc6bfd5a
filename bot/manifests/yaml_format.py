"""YAML, edited byte for byte: positions from libyaml's marks, spliced, parsed again, and proven."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.change import Scalar
from bot.domain.policy.model import Binding
from bot.domain.policy.nodes import Document, Node, ScalarNode, YamlError, parse_yaml, walk
from bot.manifests.leaf import Edited, Leaf
from bot.manifests.refusals import short, unreadable
from bot.manifests.scalars import scalar_type, written
from bot.manifests.select import Found, find, refuse_shared, selector_of
from bot.manifests.shapes import refuse_broken_template, refuse_language, refuse_placeholder, refuse_template

MAX_BYTES = 4 * 1024 * 1024
_BOM = "\ufeff"
_PROPERTIES = re.compile(r"(?:&\S+[ \t]+)?")


class YamlFile:
    """One file, parsed once for all its bindings."""

    def __init__(self, file: str, content: bytes) -> None:
        """Raises Refused(TARGET_UNREADABLE) for what is not plain YAML data."""
        refuse_language(file)
        self._file = file
        text = _decoded(file, content)
        self._bom = _BOM if text.startswith(_BOM) else ""
        self._text = text.removeprefix(_BOM)
        self._documents = self._parsed(self._text)
        self._checked: set[int] = set()
        self._nodes: dict[str, tuple[ScalarNode, bool]] = {}

    def leaf(self, binding: Binding) -> Leaf:
        """The scalar that is bound. Raises Refused(TARGET_UNREADABLE) when it is not exactly one plain value."""
        found, at = find(self._documents, binding), selector_of(binding)
        self._refuse(found, at)
        node = found.node
        line = self._text.count("\n", 0, node.start) + 1
        self._nodes[at] = (node, any(getattr(outer, "flow", False) for outer in found.around))
        return Leaf(self._file, at, Scalar(scalar_type(node), node.value), line)

    def _refuse(self, found: Found, at: str) -> None:
        node, file = found.node, self._file
        if id(found.document) not in self._checked:
            self._refuse_document(found.document)
            self._checked.add(id(found.document))
        refuse_placeholder(file, at, node.value)
        refuse_shared(file, at, found)
        if node.tag is not None:
            raise unreadable(file, f"{at} carries the tag {short(node.tag)}")
        if node.style in ("|", ">"):
            raise unreadable(file, f"{at} is a block scalar ({node.style}); write it on one line")
        if node.start == node.end:
            raise unreadable(file, f"{at} is empty; write a version there first")

    def _refuse_document(self, document: Document) -> None:
        if document.repeated:
            key = document.repeated[0]
            raise unreadable(self._file, f"the key {short(key.value)} is repeated in line {key.line}")
        refuse_template(self._file, self._text, document)

    def edited(self, values: Mapping[str, str]) -> Edited:
        """The file with new values at selectors that `leaf` has found. Raises Refused if anything else would change."""
        changes = {id(self._nodes[at][0]): value for at, value in values.items()}
        types: dict[int, str] = {}
        pieces, place = [], 0
        for node, in_flow in sorted((self._nodes[at] for at in values), key=lambda pair: pair[0].start):
            source, types[id(node)] = written(node, changes[id(node)], in_flow)
            start = self._content_start(node)
            pieces += [self._text[place:start], source]
            place = node.end
        text = "".join([*pieces, self._text[place:]])
        self._prove(text, changes, types)
        scalars = {at: Scalar(types[id(self._nodes[at][0])], value) for at, value in values.items()}
        return Edited((self._bom + text).encode(), scalars)

    def _content_start(self, node: ScalarNode) -> int:
        """Where the value begins behind its anchor."""
        if node.anchor is None:
            return node.start
        hit = _PROPERTIES.match(self._text, node.start, node.end)
        if hit is None or not hit[0]:
            raise unreadable(self._file, f"the value in line {node.line} stands apart from its anchor")
        return hit.end()

    def _prove(self, text: str, changes: Mapping[int, str], types: Mapping[int, str]) -> None:
        """Only the bound leaves differ, they read as intended, and every other byte is where it was."""
        before, after = self._flat(self._documents), self._flat(self._parsed(text))
        same = len(before) == len(after) and all(
            _as_meant(old, new, changes, types) for old, new in zip(before, after, strict=True)
        )
        bound = [place for place, node in enumerate(before) if id(node) in changes]
        if not same or _gaps(self._text, before, bound) != _gaps(text, after, bound):
            raise unreadable(self._file, "the edit would change more than the bound values")

    def _parsed(self, text: str) -> list[Document]:
        try:
            return parse_yaml(text)
        except YamlError as error:
            refuse_broken_template(self._file, text)
            raise unreadable(self._file, f"line {error.line}: {error.message}") from None

    @staticmethod
    def _flat(documents: list[Document]) -> list[Node]:
        return [node for document in documents for node in walk(document.root)]


def _as_meant(old: Node, new: Node, changes: Mapping[int, str], types: Mapping[int, str]) -> bool:
    if (type(old), old.anchor, old.tag) != (type(new), new.anchor, new.tag):
        return False
    if not isinstance(old, ScalarNode) or not isinstance(new, ScalarNode):
        return True
    if id(old) in changes:
        return (changes[id(old)], types[id(old)]) == (new.value, scalar_type(new))
    return (old.value, old.style) == (new.value, new.style)


def _gaps(text: str, nodes: list[Node], bound: list[int]) -> list[str]:
    """The text around the bound nodes."""
    gaps, place = [], 0
    for node in (nodes[index] for index in bound):
        gaps.append(text[place : node.start])
        place = node.end
    return [*gaps, text[place:]]


def _decoded(file: str, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise unreadable(file, f"has {len(content)} bytes; at most {MAX_BYTES} are read")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise unreadable(file, "is not UTF-8") from None
