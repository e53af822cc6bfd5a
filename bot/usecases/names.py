"""From what a manifest holds to the version that it means. Half of the manifests out there name a run or a model id."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import Refused, RegistryUnavailable
from bot.manifests import Reading
from bot.ports import Clock, Registry

SILENCE_SECONDS = 30.0


class VersionNames:
    """Asks the registry which version has an id. An id never changes its version, so the answer is kept; a registry
    that does not answer is left alone for a while, so that a long history costs one timeout and not hundreds."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._registry, self._clock = registry, clock
        self._known: dict[tuple[str, str], str] = {}
        self._silent_until = 0.0
        self._unknown: dict[tuple[str, str], float] = {}

    def name(self, registered: str, seen: Reading) -> str | None:
        """The version; where the registry does not tell, the id in words; where nothing matches, the raw value."""
        if seen.version or seen.state != "pinned":
            return seen.version or seen.raw
        return self._by_id(registered, seen.variables) or _in_words(seen.variables) or seen.raw

    def of_words(self, registered: str, words: str) -> str:
        """The version for an id in words, as `name` gives it while the registry does not tell; else the words."""
        kind, _, value = words.partition(" ")
        return self._by_id(registered, {f"{kind}_id": value}) or words if value else words

    def _by_id(self, registered: str, variables: Mapping[str, str]) -> str | None:
        run_id, model_id = variables.get("run_id"), variables.get("model_id")
        key = (registered, model_id or run_id or "")
        until = max(self._silent_until, self._unknown.get(key, 0.0))
        if key not in self._known and key[1] and self._clock.now() >= until:
            self._ask(key, run_id, model_id)
        return self._known.get(key)

    def _ask(self, key: tuple[str, str], run_id: str | None, model_id: str | None) -> None:
        try:
            found = self._registry.find(key[0], run_id=run_id, model_id=model_id)
        except RegistryUnavailable:
            self._silent_until = self._clock.now() + SILENCE_SECONDS
        except Refused:
            pass
        else:
            if found is not None:
                self._known[key] = found.version
                return
        self._unknown[key] = self._clock.now() + SILENCE_SECONDS


def _in_words(variables: Mapping[str, str]) -> str | None:
    """The whole id: two ids are compared by it. Where it is shown, it is shortened."""
    named = ((word, variables.get(name)) for name, word in (("model_id", "model"), ("run_id", "run")))
    return next((f"{word} {value}" for word, value in named if value), None)
