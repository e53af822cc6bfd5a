"""Finds that bear one name and are not one model: told apart by their folders or by the part that they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from bot.discover import stages
from bot.discover.beside import COMPONENTS
from bot.discover.facts import Found, LeftOut
from bot.discover.naming import tidy

_Home = tuple[str, ...]


def by_component(found: Sequence[Found]) -> list[Found]:
    """Parts of a release, such as a cache beside the server, are models only where nothing else is declared."""
    main = {one.model for one in found if one.place.part == "main"}
    items: dict[str, set[str | None]] = defaultdict(set)
    for one in found:
        if one.kind in COMPONENTS and one.place.part == "split":
            items[one.model].add(one.item)
    return [_component(one, one.model in main, len(items[one.model])) for one in found]


def _component(one: Found, has_main: bool, items: int) -> Found:
    if one.kind not in COMPONENTS or one.place.part != "split":
        return one
    if has_main:
        return replace(one, place=replace(one.place, part="aside"))
    name = tidy(one.item) if one.item and items > 1 else None
    return replace(one, model=name or one.model)


def by_folder(found: Sequence[Found]) -> tuple[list[Found], list[LeftOut]]:
    """Two documents of one kind and name in different folders are two models, called as what tells the folders apart.

    Where the folders are called as the model (one of each region, say) and agree, they are one model in several files.
    """
    groups: dict[tuple[str, str, str | None], list[Found]] = defaultdict(list)
    for one in found:
        groups[one.model, one.kind, one.environment].append(one)
    torn = {key[0] for key, group in groups.items() if _are_several(group)}
    homes, dwellers = defaultdict[str, set[_Home]](set), defaultdict[_Home, set[str]](set)
    for one in found:
        homes[one.model].add(_home(one))
        dwellers[_home(one)].add(one.model)
    out, left = list[Found](), list[LeftOut]()
    for one in found:
        name = _own_name(one, homes[one.model], dwellers) if one.model in torn else one.model
        if name:
            out.append(replace(one, model=name))
        else:
            left.append(LeftOut(one.file, one.line, f"{one.at}: other folders declare a {one.model} too"))
    return out, left


def _are_several(group: Sequence[Found]) -> bool:
    homes = {_home(one) for one in group}
    if len(homes) < 2:
        return False
    values = {(one.at, tuple(sorted(one.guess.variables.items()))) for one in group}
    same_place = len({one.at for one in group}) == 1
    return not (same_place and len(values) == 1 and {home[-1:] for home in homes} == {(group[0].model,)})


def _own_name(one: Found, homes: set[_Home], dwellers: Mapping[_Home, set[str]]) -> str | None:
    """The last folder where that tells them apart, else the folders that are not common to all, before the name."""
    home = _home(one)
    if not home:
        return None
    if len({other[-1:] for other in homes}) == len(homes):
        return home[-1] if len(dwellers[home]) == 1 else f"{home[-1]}-{one.model}"
    common = set.intersection(*map(set, homes))
    return "-".join([*(part for part in home if part not in common), one.model])


def _home(one: Found) -> tuple[str, ...]:
    """The folders that say whose the file is: without environments, base, overlays and the like."""
    return tuple(
        name for part in PurePosixPath(one.file).parts[:-1] if not stages.is_stage(part) and (name := tidy(part))
    )
