"""The readings of many places out of one list of blobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.manifests import Reading
from bot.manifests.fleet import FleetReader
from bot.ports import Checkout
from bot.usecases.fleet_places import Key, Place

_BATCH: Final = 512


class BlobReader:
    """Reads the files in batches, so that no more than a batch is in memory. Not thread-safe."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout, self._reader = checkout, FleetReader()

    def readings(self, places: Sequence[Place], blobs: Mapping[str, str]) -> dict[Key, Reading]:
        """What these places say."""
        found: dict[Key, Reading] = {}
        for start in range(0, len(places), _BATCH):
            batch = places[start : start + _BATCH]
            contents = self._checkout.contents([blobs[file] for one in batch for file in one.bound if file in blobs])
            for place in batch:
                found[place.key] = self._reading(place, blobs, contents)
        self._reader.forget()
        return found

    def _reading(self, place: Place, blobs: Mapping[str, str], contents: Mapping[str, bytes]) -> Reading:
        files = {file: contents[blobs[file]] for file in place.bound if file in blobs and blobs[file] in contents}
        if place.lane is not None:
            return self._reader.read_laid_out(place.lane, place.model, files)
        return self._reader.read(place.target, files)
