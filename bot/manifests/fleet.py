"""The readings of a fleet: the same as `read` gives, without parsing what only looks like a file before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Final

from bot.domain.change import Scalar
from bot.domain.policy.model import Binding, Target
from bot.errors import Refused
from bot.manifests.fleet_forms import form_of, variables_of
from bot.manifests.fleet_lane import Lane, Ready
from bot.manifests.fleet_names import ENVIRONMENT, MODEL, Names, marked
from bot.manifests.fleet_opened import OpenFiles, SharingTarget
from bot.manifests.fleet_shapes import Shapes, Told
from bot.manifests.leaf import Leaf
from bot.manifests.presence import leaf_if_there
from bot.manifests.reading import Reading, _judged, _primary_first, _Seen
from bot.manifests.values import is_range, read_back

_HIDDEN: Final = {"model": MODEL, "environment": ENVIRONMENT}


class FleetReader:
    """Reads target after target and remembers the shapes of their files, 4 MiB at most. Not thread-safe."""

    def __init__(self) -> None:
        self._shapes, self._open = Shapes(), OpenFiles()

    def read(self, target: Target, files: Mapping[str, bytes]) -> Reading:
        """What `read` gives for the same target and files."""
        names = Names(target.model, target.environment)
        told: dict[Binding, Told | None] = {}
        for file in dict.fromkeys(binding.file for binding in target.bindings):
            values = self._values(target, names, file, files.get(file)) if names.harmless else None
            if values is None:
                return _read(target, names, partial(leaf_if_there, SharingTarget(target, files, self._open)))
            told.update(values)
        return _read(target, names, lambda binding: _leaf(binding, told[binding]))

    def read_laid_out(self, lane: Lane, model: str, files: Mapping[str, bytes]) -> Reading:
        """What `read` gives for the lane's target of a model; most are not even worked out."""
        ready = lane.ready
        found = self._pinned(ready, Names(model, lane.environment), files) if ready and ready.takes(model) else None
        return found or self.read(lane.target(model), files)

    def forget(self) -> None:
        """Let go of the files that were parsed, and keep the shapes."""
        self._open.forget()

    def _values(
        self, target: Target, names: Names, file: str, content: bytes | None
    ) -> list[tuple[Binding, Told | None]] | None:
        bindings = tuple(binding for binding in target.bindings if binding.file == file)
        if content is None:
            return None if any(one.absent == "refuse" for one in bindings) else [(one, None) for one in bindings]
        form = form_of(names, file, bindings)
        if form is None:
            return None
        told = self._shapes.told(form, names, content) or self._shapes.learned(form, target, names, file, content)
        return None if told is None else list(zip(bindings, told, strict=True))

    def _pinned(self, ready: Ready, names: Names, contents: Mapping[str, bytes]) -> Reading | None:
        """The reading where all is as it mostly is: every value there, and all of one version."""
        if not names.harmless:
            return None
        files = [file.replace("{model}", names.model) for file in ready.files]
        told = []
        for file, form in zip(files, ready.forms, strict=True):
            content = contents.get(file)
            values = None if content is None else self._shapes.told(form, names, content)
            if values is None:
                return None
            told.append(values)
        return _agreed(ready, files, told)


def _agreed(ready: Ready, files: Sequence[str], told: Sequence[Sequence[Told | None]]) -> Reading | None:
    variables: dict[str, str] = {}
    for file, place, template in ready.order:
        one = told[file][place]
        found = None if one is None or is_range(one.raw) else _variables(template, one.hidden)
        if found is None:
            return None
        for name, value in found:
            if variables.setdefault(name, value) != value:
                return None
    file, place, _ = ready.order[0]
    first = told[file][place]
    assert first is not None
    return Reading("pinned", variables.get("version"), variables, first.raw, files[file], first.line, None)


@lru_cache(maxsize=4096)
def _variables(template: str, hidden: str) -> tuple[tuple[str, str], ...] | None:
    """Out of a value with the names hidden; most models of a fleet have the same few versions."""
    found = read_back(template, hidden, _HIDDEN)
    return None if found is None or marked(*found.values()) else tuple(found.items())


def _leaf(binding: Binding, told: Told | None) -> Leaf | None:
    return told and Leaf(binding.file, binding.at, Scalar("str", told.raw), told.line)


def _read(target: Target, names: Names, look: Callable[[Binding], Leaf | None]) -> Reading:
    """As `read` does, with another eye."""
    seen, absent = list[_Seen](), list[Binding]()
    for binding in _primary_first(target.bindings):
        try:
            leaf = look(binding)
            if leaf is None:
                absent.append(binding)
            else:
                found = variables_of(target, names, binding.template, leaf.scalar.text)
                seen.append(_Seen(leaf, binding, found if leaf.certain else None))
        except Refused as refused:
            return Reading("unreadable", None, {}, None, binding.file, 0, refused.message)
    return _judged(seen, absent)
