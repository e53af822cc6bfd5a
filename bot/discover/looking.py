"""One document looked through: every place of its kind that holds a version, named and guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.discover import stages
from bot.discover.beside import told_apart
from bot.discover.clues import item_name, other_clues, said_names
from bot.discover.documents import Opened
from bot.discover.facts import Found, Kind, LeftOut, Place, Rank
from bot.discover.guess import LIMIT, guess
from bot.discover.kinds import KINDS, NOTHING
from bot.discover.naming import Clues, key_of, model_name
from bot.discover.patterns import Spot, keys_at, spots, text_at
from bot.discover.plain_kinds import PLAIN_KINDS
from bot.domain.policy.model import DocSelector
from bot.domain.policy.nodes import Document, Node
from bot.domain.policy.selectors import Selector, selector_text

_MAX_IN_DOCUMENT = 200


@dataclass(frozen=True)
class Naming:
    """What is known of names beyond a file: the registry's, and the only model-like name of the repo."""

    known: tuple[str, ...] = ()
    lone: str | None = None


@dataclass(frozen=True)
class Seen:
    """A document as it was taken: its kind, name, model and environment."""

    opened: Opened
    kind: Kind
    doc: DocSelector | None
    identity: DocSelector | None
    name: str | None
    model: str | None
    environment: str | None
    serves: tuple[str, ...]
    document: Document


def look(opened: Opened, document: Document, naming: Naming) -> tuple[Seen | None, list[Found], list[LeftOut]]:
    """What the document declares, and what it might have."""
    kind = kind_of(opened, document)
    if kind is None:
        return None, [], []
    if kind.nothing:
        return None, [], [LeftOut(str(opened.path), document.root.line, f"{kind.name}: {kind.nothing}")]
    seen = _seen(opened, document, kind, naming)
    found, left = list[Found](), list[LeftOut]()
    for place, spot in _spots(document, kind, opened, naming):
        one = _one(seen, place, spot, naming)
        if isinstance(one, Found):
            found.append(one)
        else:
            left.append(one)
    return seen, told_apart(found, kind.name, seen.model, naming.known), left


def kind_of(opened: Opened, document: Document) -> Kind | None:
    """By API group and kind, else by the file's name and shape, else by a reference to the registry in it."""
    kind, version = text_at(document.root, "kind"), text_at(document.root, "apiVersion") or ""
    key = (version.partition("/")[0], kind or "")
    if key in NOTHING:
        return Kind(key[1], nothing=NOTHING[key])
    if key in KINDS:
        return Kind(key[1], KINDS[key])
    plain = next((plain.kind for plain in PLAIN_KINDS if plain.tells(opened.path, document.root)), None)
    return plain or (Kind(kind or "reference") if opened.references else None)


def _seen(opened: Opened, document: Document, kind: Kind, naming: Naming) -> Seen:
    root = document.root
    name = text_at(root, "metadata.name") if text_at(root, "kind") else None
    identity = (
        DocSelector(text_at(root, "kind"), None if _name_moves(kind, root) else name) if text_at(root, "kind") else None
    )
    doc = identity if opened.in_all > 1 else None
    namespace = text_at(root, "spec.destination.namespace") or text_at(root, "metadata.namespace")
    environment = stages.of_path(opened.path) or stages.of_document(DocSelector(None, name), namespace)
    said = tuple(value for at in kind.named if (value := text_at(root, at)))
    model = model_name(Clues(said, name, opened.path), naming.known, naming.lone)
    return Seen(opened, kind, doc, identity, name, model, environment, _served(root, kind), document)


def _name_moves(kind: Kind, root: Node) -> bool:
    """Whether the document's own name holds the version, so that it cannot be found by it."""
    names = (place for place in kind.places if place.at == "metadata.name")
    return any(not isinstance(guess(place.sort, text_at(root, place.at) or ""), str) for place in names)


def _served(root: Node, kind: Kind) -> tuple[str, ...]:
    """The environments that an ApplicationSet's generators list, or that are a bundle's targets."""
    if kind.name == "ApplicationSet":
        found = [spot.node.value for spot in spots(root, "spec.generators.**.elements[].*", stages.is_stage)]
    elif kind.name == "Databricks bundle":
        found = [name for name in keys_at(root, "targets") if stages.is_stage(name)]
    else:
        found = []
    return stages.in_order(found)


def _spots(document: Document, kind: Kind, opened: Opened, naming: Naming) -> Iterator[tuple[Place, Spot]]:
    """Each scalar once, by the surest place that leads to it; and references to the registry wherever they stand."""
    taken: set[Selector] = set()
    for place in (*kind.places, *((_ANYWHERE,) if opened.references else ())):
        wanted = _is_reference(naming.known) if place is _ANYWHERE else bool
        for spot in spots(document.root, place.at, wanted):
            if spot.steps not in taken and len(taken) < _MAX_IN_DOCUMENT:
                taken.add(spot.steps)
                yield place, spot


_ANYWHERE = Place("**", "reference", Rank.MODEL)


def _is_reference(known: Sequence[str]) -> Callable[[str], bool]:
    """`models:/name/42`; with names of the registry also a URI that goes through one of them."""
    names = {key_of(name).lower() for name in known}

    def wanted(text: str) -> bool:
        parts = re.split(r"[/:@=]", text.lower()) if "://" in text and len(text) <= LIMIT else ()
        if "{" in text or "\n" in text.strip():
            return False
        return bool(re.search(r"models:/[^/@\s:]{1,200}[/@]\w", text[:LIMIT])) or not names.isdisjoint(parts)

    return wanted


def _one(seen: Seen, place: Place, spot: Spot, naming: Naming) -> Found | LeftOut:
    file, value = str(seen.opened.path), spot.node.value
    said = said_names(seen.kind.name, place, spot)
    own = model_name(Clues(said, None, PurePosixPath(), value=value), naming.known) if said else None
    model = (
        own
        or seen.model
        or model_name(other_clues(place, spot, seen.name, seen.opened.path), naming.known, naming.lone)
    )
    where = f"{selector_text(spot.steps)}: "
    if model is None:
        why = "no registered model of this name" if naming.known else "nothing says which model it is"
        return LeftOut(file, spot.line, where + why)
    guessed = guess(place.sort, value, model)
    if isinstance(guessed, str):
        return LeftOut(file, spot.line, where + guessed)
    environment = stages.of_selector(spot.steps) or seen.environment
    return Found(
        file, seen.opened.format, seen.kind.name, seen.name, seen.doc, spot.steps, spot.line, value, place, guessed,
        model, environment, seen.identity, item_name(spot), seen.serves,
    )  # fmt: skip
