"""A manifest that is a tree of nodes (YAML, JSON), edited byte for byte: spliced, parsed again, and proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.change import Scalar
from bot.domain.policy.model import DocSelector
from bot.domain.policy.nodes import Document, ScalarNode
from bot.manifests.embedded import Embedded
from bot.manifests.missing import missing
from bot.manifests.own import BLOCKS, inside, replaced, value_of
from bot.manifests.proof import Meant, flat, only_meant
from bot.manifests.refusals import Absent, short, unreadable
from bot.manifests.select import Found, Query, chosen, refuse_shared, scalar_at, select
from bot.manifests.shapes import may_be_template, refuse_broken_template, refuse_placeholder, refuse_template
from bot.manifests.splice import Splice, spliced
from bot.manifests.syntax import FAULTS, SYNTAXES, Syntax

MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class TextEdit:
    """A text after an edit, the stretches that changed, and what the changed scalars are now, by selector."""

    text: str
    splices: list[Splice]
    scalars: dict[str, Scalar] = field(hash=False)


@dataclass(frozen=True)
class Inner:
    """The tree inside a scalar's text, and where that text stands."""

    tree: Tree
    text: Embedded


@dataclass(frozen=True)
class _Bound:
    node: ScalarNode
    in_flow: bool = False
    inner: Inner | None = None


class Tree:
    """A text that was parsed once. ``documents`` and ``text`` are for reading only; offsets count in ``text``."""

    def __init__(self, file: str, text: str, syntax: Syntax, where: str | None = None) -> None:
        """``where`` names the text in refusals. Raises Refused(TARGET_UNREADABLE) for what is not plain data."""
        self.file, self.text, self.syntax, self.where = file, text, syntax, where or file
        self.documents = self.parsed(text)
        self._suspect = may_be_template(text)
        self._checked: set[int] = set()
        self._bound: dict[str, _Bound] = {}
        self._inner: dict[tuple[int, str], Inner] = {}

    def parsed(self, text: str) -> list[Document]:
        """The documents of another text in the same syntax. Raises Refused(TARGET_UNREADABLE)."""
        try:
            return self.syntax.parse(text)
        except FAULTS as fault:
            refuse_broken_template(self.where, text)
            raise unreadable(self.where, f"line {fault.line}: {fault.message}") from None

    def chosen(self, doc: DocSelector | None) -> list[Document]:
        """The documents that are meant, each checked. Raises Refused for a template or a repeated key in them."""
        documents = chosen(self.documents, doc)
        for document in documents:
            self._check(document)
        return documents

    def _check(self, document: Document) -> None:
        if id(document) in self._checked:
            return
        if document.repeated:
            key = document.repeated[0]
            raise unreadable(self.where, f"the key {short(key.value)} is repeated in line {key.line}")
        if self._suspect:
            refuse_template(self.where, self.text, document)
        self._checked.add(id(document))

    def scalar(self, query: Query) -> tuple[Scalar, int]:
        """The scalar that is looked for, and its offset. Raises Absent, or Refused where it is not one plain value."""
        here, format_, rest = query.split()
        found = self.found(here)
        if format_ is None:
            return self._own(found, query.at)
        inner = self.inner(found, format_, query.at)
        self._bound[query.at] = _Bound(found.node, inner=inner)
        scalar, offset = inner.tree.scalar(rest)
        return scalar, inner.text.place(offset)

    def certain(self, query: Query) -> bool:
        """Whether every reader takes the scalar, which `scalar` was asked for before, for the text that is written."""
        bound = self._bound[query.at]
        return bound.inner.tree.certain(query.split()[2]) if bound.inner else self.syntax.certain(bound.node)

    def found(self, query: Query) -> Found:
        """The one scalar that steps without `|yaml|` lead to, whatever it holds. Raises Absent, or another Refused."""
        documents = chosen(self.documents, query.doc)
        if not documents:
            refuse = unreadable if self.documents or query.doc else Absent
            raise refuse(self.where, f"no document is meant by {query.at}; the file has {len(self.documents)}")
        hits = [(document, path) for document in documents for path in select((document.root,), query.steps)]
        if not hits:
            raise missing(self.where, query, self.chosen(query.doc))
        if len(hits) > 1:
            lines = ", ".join(str(path[-1].line) for _, path in hits[:5])
            raise unreadable(self.where, f"{query.at} selects {len(hits)} values, expected 1 (lines {lines})")
        document, path = hits[0]
        found = Found(document, scalar_at(self.where, query.at, path), path[:-1])
        self._check(document)
        refuse_shared(self.where, query.at, found)
        if found.node.tag is not None:
            raise unreadable(self.where, f"{query.at} carries the tag {short(found.node.tag)}")
        return found

    def inner(self, found: Found, format_: str, at: str) -> Inner:
        """The tree inside the scalar's text. Raises Refused where the text's characters have no places of their own."""
        key = (id(found.node), format_)
        if key not in self._inner:
            text = self._text_in(found.node, at)
            where = f"{self.where} (inside line {found.node.line})"
            self._inner[key] = Inner(Tree(self.file, text.text, SYNTAXES[format_], where), text)
        return self._inner[key]

    def _text_in(self, node: ScalarNode, at: str) -> Embedded:
        if node.style == ">":
            raise unreadable(self.where, f"{at} leads into a folded block scalar (>); write it as a literal one (|)")
        text = inside(self.text, node, self.syntax)
        if text is None:
            raise unreadable(self.where, f"{at} leads into text that is no literal block and not quoted on one line")
        if text.text.startswith("\ufeff") or not _encodable(text.text):
            raise unreadable(self.where, f"{at} leads into text with half a character or a byte order mark")
        return text

    def _own(self, found: Found, at: str) -> tuple[Scalar, int]:
        node = found.node
        value, type_ = value_of(node), self.syntax.type_of(node)
        refuse_placeholder(self.where, at, value)
        if not _encodable(value):
            raise unreadable(self.where, f"{at} holds half of a character (a lone surrogate)")
        block = inside(self.text, node, self.syntax) if node.style in BLOCKS else None
        if node.style in BLOCKS and ("\n" in value or block is None):
            raise unreadable(self.where, f"{at} is a block scalar ({node.style}) of more than one line")
        self._bound[at] = _Bound(node, any(getattr(outer, "flow", False) for outer in found.around))
        if type_ == "null":
            raise Absent(self.where, f"{at} is empty")
        return Scalar(type_, value), block.place(0) if block else node.start

    def edit(self, values: Mapping[str, str]) -> TextEdit:
        """The text with new values at selectors that `scalar` was asked for before, those that are empty included.

        Raises Refused if anything else would change, or if what is written would not be read back.
        """
        groups: dict[int, dict[str, str]] = {}
        for at, value in values.items():
            groups.setdefault(id(self._bound[at].node), {})[at] = value
        splices, meant, scalars = list[Splice](), dict[int, Meant](), dict[str, Scalar]()
        for key, group in groups.items():
            more, meant[key], types = self._changed(group)
            splices += more
            scalars |= types
        return TextEdit(self.proven(splices, meant), splices, scalars)

    def _changed(self, values: Mapping[str, str]) -> tuple[list[Splice], Meant, dict[str, Scalar]]:
        """All edits of one scalar."""
        bounds = [self._bound[at] for at in values]
        first, at = bounds[0], next(iter(values))
        if any(one.inner is not first.inner for one in bounds) or (not first.inner and len({*values.values()}) > 1):
            raise unreadable(self.where, f"{' and '.join(values)} are bound to the same scalar, in different ways")
        if first.inner:
            edit = first.inner.tree.edit(values)
            meant = Meant(edit.text, self.syntax.type_of(first.node), first.node.style)
            return [first.inner.text.lifted(splice) for splice in edit.splices], meant, edit.scalars
        refuse_placeholder(self.where, at, values[at])
        change = replaced(self.text, first.node, values[at], first.in_flow, self.syntax)
        if change is None:
            raise unreadable(
                self.where, f"the new value cannot be written in the place of the old one in line {first.node.line}"
            )
        return [change[0]], change[1], {at: Scalar(change[1].type, value) for at, value in values.items()}

    def proven(self, splices: Sequence[Splice], meant: Mapping[int, Meant]) -> str:
        """The text after the splices, if only the scalars of ``meant`` (by the id of their node) differ then, and are
        what was meant, and every other character is the same. Raises Refused otherwise."""
        text = spliced(self.text, splices)
        before, after = (self.text, flat(self.documents)), (text, flat(self.parsed(text)))
        if not _encodable(text) or not only_meant(before, after, meant, self.syntax.type_of):
            raise unreadable(self.where, "the edit would change more than the bound values")
        return text


def _encodable(text: str) -> bool:
    """Whether the text holds no surrogates, which stand in no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
