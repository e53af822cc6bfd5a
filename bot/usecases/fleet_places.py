"""Where each model's version stands in each environment: the targets of a policy, worked out only when looked into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.domain.policy import Policy, Target
from bot.errors import Refused
from bot.manifests import Reading
from bot.manifests.fleet_lane import Lane

Key = tuple[str, str]


class Place(NamedTuple):
    """The target of a model in an environment, by its own words (``own``) or by a layout's (``lane``).

    ``files`` are all its files, ``bound`` those that say the version.
    """

    model: str
    environment: str
    own: Target | None
    lane: Lane | None
    files: tuple[str, ...]
    bound: tuple[str, ...]

    @property
    def key(self) -> Key:
        """Model and environment."""
        return self.model, self.environment

    @property
    def target(self) -> Target:
        """The target itself."""
        if self.own is not None:
            return self.own
        assert self.lane is not None
        return self.lane.target(self.model)


class Placed(NamedTuple):
    """A place and what it says. ``holds`` is the reading that tells the version: its own, or that of the environment
    that it inherits from; None where it inherits and nobody says anything."""

    place: Place
    reading: Reading
    holds: Reading | None

    @property
    def target(self) -> Target:
        """The target that was read."""
        return self.place.target


class Places:
    """The places of one policy; the same as `Policy.target_for` finds."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._stages = [stage.name for stage in policy.environments]
        self._lanes = {
            stage: [Lane(layout, stage) for one in policy.layouts if (layout := one.within(stage)) is not None]
            for stage in self._stages
        }

    def of(self, model: str, blobs: Mapping[str, str]) -> Iterator[Place]:
        """Those of one model, in the order of promotion: its own, else that of the first layout whose files are all
        there."""
        known = self._policy.models.get(model)
        for stage in self._stages:
            own = known.targets.get(stage) if known else None
            place = _own(own) if own else self._laid_out(model, stage, blobs)
            if place is not None:
                yield place

    def _laid_out(self, model: str, stage: str, blobs: Mapping[str, str]) -> Place | None:
        for lane in self._lanes[stage]:
            files = tuple([file.replace("{model}", model) for file in lane.files])
            if all(map(blobs.__contains__, files)):
                return Place(model, stage, None, lane, files, files[: len(lane.bound)])
        return None


def _own(target: Target) -> Place:
    bound = tuple(dict.fromkeys(binding.file for binding in target.bindings))
    return Place(target.model, target.environment, target, None, target.files, bound)


def settled(places: Mapping[Key, Place], readings: Mapping[Key, Reading], policy: Policy) -> dict[Key, Placed]:
    """The places with what they say, and what holds where a place says nothing of its own."""
    placed = {}
    for key, place in places.items():
        reading = readings[key]
        holds = reading if reading.state != "inherited" else _inherited(place, places, readings, policy)
        placed[key] = Placed(place, reading, holds)
    return placed


def _inherited(
    place: Place, places: Mapping[Key, Place], readings: Mapping[Key, Reading], policy: Policy
) -> Reading | None:
    passed = {place.environment}
    while (above := _above(place.target, policy)) and above not in passed and (place.model, above) in places:
        passed.add(above)
        place, reading = places[place.model, above], readings[place.model, above]
        if reading.state != "inherited":
            return reading
    return None


def _above(target: Target, policy: Policy) -> str | None:
    named = next((binding.inherits for binding in target.bindings if binding.inherits), None)
    try:
        return policy.environment(named).name if named else None
    except Refused:
        return None
