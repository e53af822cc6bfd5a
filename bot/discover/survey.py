"""The walk over all files: what declares a version, what might, and what was left out and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.discover.documents import MAX_FILES, Opened, charts_of, open_file, worth_reading
from bot.discover.facts import Found, LeftOut, Taker
from bot.discover.looking import Naming, Seen, look
from bot.discover.reach import Reach

_TAKERS = frozenset({"Helm values", "Fleet bundle"})


TakerKey = tuple[str, str, str | None]


@dataclass
class Survey:
    """All that was found, in the order of files; ``takers`` by kind, model and the document's name."""

    found: list[Found] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    takers: dict[TakerKey, list[Taker]] = field(default_factory=lambda: defaultdict(list))
    reach: Reach = field(default_factory=Reach)
    considered: int = 0


def survey(files: Mapping[str, bytes], known: Sequence[str] = ()) -> Survey:
    """Look through the files. ``known``: the registry's names of models; others are then left out."""
    opened, told = _open(files)
    found = _look(opened, Naming(tuple(known)))
    lone = sorted({one.model for one in found.found if one.kind != "settings"})
    if len(lone) == 1 and not known:
        found = _look(opened, Naming((), lone[0]))
    found.left_out[:0] = told
    found.considered = min(len(files), MAX_FILES)
    return found


def _open(files: Mapping[str, bytes]) -> tuple[list[Opened], list[LeftOut]]:
    charts, opened, told = charts_of(files), list[Opened](), list[LeftOut]()
    paths = [path for path in sorted(files) if worth_reading(path, charts)]
    for path in paths[:MAX_FILES]:
        one = open_file(path, files[path])
        if isinstance(one, str):
            told.append(LeftOut(path, 0, one))
        elif one is not None:
            opened.append(one)
    if len(paths) > MAX_FILES:
        told.append(
            LeftOut(paths[MAX_FILES], 0, f"and {len(paths) - MAX_FILES - 1} more: at most {MAX_FILES} are read")
        )
    return opened, told


def _look(opened: Sequence[Opened], naming: Naming) -> Survey:
    out = Survey()
    for one in opened:
        for document in one.documents:
            seen, found, left = look(one, document, naming)
            out.found += found
            out.left_out += left
            if seen is not None:
                _note(seen, out)
    return out


def _note(seen: Seen, out: Survey) -> None:
    """What the document says about others: which folders it uses, and whether it may say what a base says."""
    path, root, kind = seen.opened.path, seen.document.root, seen.kind.name
    if kind == "kustomization":
        out.reach.kustomization(path, root, seen.environment)
    elif kind == "Kustomization":
        out.reach.entry(root, seen.environment, "spec.path")
    elif kind == "Application":
        out.reach.entry(root, seen.environment, "spec.source.path", "spec.sources[].path")
    if seen.environment and seen.model and (seen.name or kind in _TAKERS):
        out.takers[kind, seen.model, seen.name].append(Taker(str(path), seen.doc, seen.environment))
