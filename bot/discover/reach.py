"""Which environments use a file that has none of its own: what kustomizations, Flux and Argo CD refer to."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.discover.patterns import spots
from bot.domain.policy.nodes import Node

# https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource: folders and files, relative to it.
_REFERRING = (
    "resources[]",
    "bases[]",
    "components[]",
    "patches[].path",
    "patchesStrategicMerge[]",
    "helmCharts[].valuesFile",
)
_DEPTH = 50


@dataclass
class Reach:
    """A graph of folders and files, and the environments that enter it somewhere."""

    _onwards: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _entries: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _kustomized: set[str] = field(default_factory=set)
    _known: dict[str, set[str]] = field(default_factory=dict)

    def kustomization(self, path: PurePosixPath, root: Node, environment: str | None) -> None:
        """A kustomization.yaml."""
        folder = str(path.parent)
        self._kustomized.add(folder)
        for pattern in _REFERRING:
            for spot in spots(root, pattern):
                self._onwards[folder].add(_inside(folder, spot.node.value))
        if environment:
            self._entries[environment].add(folder)

    def entry(self, root: Node, environment: str | None, *patterns: str) -> None:
        """A Flux Kustomization or an Argo CD Application of an environment: its path is relative to the repo."""
        if environment:
            for pattern in patterns:
                self._entries[environment].update(_inside(".", spot.node.value) for spot in spots(root, pattern))

    def environments(self, file: str) -> tuple[str, ...]:
        """The environments from which the file is reached. To be asked when all entries are known."""
        at = PurePosixPath(file)
        for name in self._entries:
            if name not in self._known:
                self._known[name] = self._reached(name)
        return tuple(name for name in self._entries if self._known[name] & self._places(at))

    def _places(self, at: PurePosixPath) -> set[str]:
        """The file, its folder, and the folders above it up to one that lists what it takes."""
        places = {str(at)}
        for folder in map(str, at.parents):
            places.add(folder)
            if folder in self._kustomized or folder == ".":
                break
        return places - {"."}

    def _reached(self, environment: str) -> set[str]:
        seen: set[str] = set()
        todo = set(self._entries[environment])
        for _ in range(_DEPTH):
            seen |= todo
            todo = {onward for place in todo for onward in self._onwards.get(place, ())} - seen
            if not todo:
                break
        return seen


def _inside(folder: str, reference: str) -> str:
    """A relative reference as a path of the repo."""
    return posixpath.normpath(posixpath.join(folder, reference)) if "://" not in reference else reference
