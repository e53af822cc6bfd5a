"""Parts of one document told apart: the model, what stands beside it, and what may be a model of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from bot.discover.clues import ITEM_NAMES
from bot.discover.facts import Found, Rank
from bot.discover.naming import Clues, model_name, tidy

# Kinds whose places apart are parts of one release, such as a cache beside the model's server.
COMPONENTS = frozenset({"Helm values", "HelmRelease", "Application", "ApplicationSet", "Fleet bundle"})


def told_apart(found: Sequence[Found], kind: str, model: str | None, known: Sequence[str]) -> list[Found]:
    """The finds of a document of this kind and model, each as the part that it is."""
    return _named_apart(_beside_the_main(found, kind, model, known), known)


def _beside_the_main(found: Sequence[Found], kind: str, model: str | None, known: Sequence[str]) -> list[Found]:
    """What stands beside the model in its document: other images of a kustomization whose folder is called as one of
    them, the images that run what the document names otherwise, parts of a release that has a version itself."""
    if kind == "kustomization":
        main = [one for one in found if one.item and _called(one.item, known) == model]
        beside = [one for one in found if one not in main] if main else []
    elif kind in COMPONENTS and any(one.place.part == "main" for one in found):
        beside = [one for one in found if one.place.part == "split" and one.environment is None]
    else:
        named = {one.model for one in found if one.place.rank is Rank.MODEL}
        beside = [one for one in found if named and one.model not in named and one.place.rank > Rank.MODEL]
    return [replace(one, place=replace(one.place, part="aside")) if one in beside else one for one in found]


def _called(item: str, known: Sequence[str]) -> str | None:
    """What a part is called as a model."""
    return model_name(Clues((item,), None, PurePosixPath()), known) if known else tidy(item)


def _named_apart(found: Sequence[Found], known: Sequence[str]) -> list[Found]:
    """Places that may each be a model of their own get a name of their own, unless the document has but one."""
    out = list[Found]()
    for environment in dict.fromkeys(one.environment for one in found):
        mine = [one for one in found if one.environment == environment]
        items = {one.item for one in mine if one.place.part == "split"}
        alone = len(items) < 2 and not any(one.place.part == "main" and one.guess.pinned for one in mine)
        out += [one if alone else _renamed(one, known) for one in mine]
    return out


def _renamed(one: Found, known: Sequence[str]) -> Found:
    name = _called(one.item, known) if one.item and one.place.part == "split" else None
    if name is None or one.kind in ITEM_NAMES or one.kind in COMPONENTS:
        return one
    if known or one.kind in ("kustomization", "Kustomization"):
        return replace(one, model=name)
    return replace(one, model=tidy(f"{one.model}-{name}") or one.model)
