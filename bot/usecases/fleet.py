"""What every target of the repo says at a commit, read once, and brought forward by what changed since."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from bot.domain.policy import Policy
from bot.ports import Checkout
from bot.usecases.fleet_paths import LayoutPaths
from bot.usecases.fleet_places import Key, Place, Placed, Places, settled
from bot.usecases.fleet_reading import BlobReader

_KEPT: Final = 3
_POLICY: Final = ".slackops"


@dataclass(frozen=True)
class FleetView:
    """All targets at a commit by (model, environment), and the declared models, sorted."""

    policy: Policy
    placed: Mapping[Key, Placed] = field(hash=False)
    models: tuple[str, ...]


@dataclass(frozen=True)
class _State:
    """``declared`` counts the paths that declare a model; ``users`` has the models whose targets use a file."""

    blobs: Mapping[str, str]
    places: Places
    paths: LayoutPaths
    declared: Counter[str]
    users: dict[str, set[str]]
    view: FleetView


class Fleet:
    """Thread-safe. Keeps the readings at the last few commits, which share all that is the same, and no file."""

    def __init__(self, checkout: Checkout, policy: Callable[[str], Policy]) -> None:
        """``policy`` gives the policy at a commit; it is asked only where a file of the policy changed."""
        self._checkout, self._policy = checkout, policy
        self._lock = threading.Lock()
        self._states: OrderedDict[int, _State] = OrderedDict()
        self._reader = BlobReader(checkout)

    def readings(self, commit: str) -> Mapping[Key, Placed]:
        """What every target says at a commit, by model and environment. Raises what the policy and the checkout do."""
        return self.view(commit).placed

    def view(self, commit: str) -> FleetView:
        """The same with the policy and the models."""
        blobs = self._checkout.blobs(commit)
        with self._lock:
            state = self._states.get(id(blobs))  # the state holds on to them, so nothing else has their id
            if state is None:
                state = self._states[id(blobs)] = self._state(commit, blobs)
            self._states.move_to_end(id(blobs))
            while len(self._states) > _KEPT:
                self._states.popitem(last=False)
            return state.view

    def _state(self, commit: str, blobs: Mapping[str, str]) -> _State:
        """The newest state with what changed since, or everything looked at."""
        old = next(reversed(self._states.values()), None)
        if old is None:
            return self._afresh(self._policy(commit), blobs, None)
        changed = {path for path, _ in old.blobs.items() ^ blobs.items()}
        if any(path.startswith(_POLICY) for path in changed):
            return self._afresh(self._policy(commit), blobs, old)
        moved = {path for path in changed if (path in old.blobs) != (path in blobs)}
        if moved & old.paths.common:
            return self._afresh(old.view.policy, blobs, old)
        return self._moved(old, blobs, moved, changed) if changed else replace(old, blobs=blobs)

    def _afresh(self, policy: Policy, blobs: Mapping[str, str], old: _State | None) -> _State:
        """What was read before and is the same is not read again."""
        paths, places = LayoutPaths(policy), Places(policy)
        declared = Counter(model for path in blobs if (model := paths.model(path)) is not None)
        models = tuple(sorted({*declared, *policy.models}))
        found = {place.key: place for model in models for place in places.of(model, blobs)}
        placed = self._placed(found, blobs, old, policy)
        view = FleetView(policy, MappingProxyType(placed), models)
        return _State(blobs, places, paths, declared, _users(found.values()), view)

    def _moved(self, old: _State, blobs: Mapping[str, str], moved: Iterable[str], changed: Iterable[str]) -> _State:
        """The same policy, other files: only the models that these belong to are looked at."""
        policy, declared = old.view.policy, old.declared.copy()
        for path in moved:
            model = old.paths.model(path)
            if model is not None:
                declared[model] += 1 if path in blobs else -1
        again = {model for path in moved for model in old.paths.models(path)}
        again |= {model for path in changed for model in old.users.get(path, ())}
        models = tuple(sorted({*(+declared), *policy.models}))
        found = {place.key: place for model in again & set(models) for place in old.places.of(model, blobs)}
        placed = {key: one for key, one in old.view.placed.items() if key[0] not in again}
        placed |= self._placed(found, blobs, old, policy)
        users = old.users | {file: old.users.get(file, set()) | more for file, more in _users(found.values()).items()}
        return _State(blobs, old.places, old.paths, declared, users, replace(old.view, placed=placed, models=models))

    def _placed(
        self, places: Mapping[Key, Place], blobs: Mapping[str, str], old: _State | None, policy: Policy
    ) -> dict[Key, Placed]:
        known = {} if old is None else {
            key: before.reading
            for key, place in places.items()
            if (before := old.view.placed.get(key)) is not None and before.place == place
            and all(old.blobs.get(file) == blobs.get(file) for file in place.bound)
        }  # fmt: skip
        new = self._reader.readings([place for key, place in places.items() if key not in known], blobs)
        return settled(places, known | new, policy)


def _users(places: Iterable[Place]) -> dict[str, set[str]]:
    users: dict[str, set[str]] = {}
    for place in places:
        for file in place.files:
            users.setdefault(file, set()).add(place.model)
    return users
