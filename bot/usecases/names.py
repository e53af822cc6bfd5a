"""From what a manifest holds to the version that it means. Half of the manifests out there name a run or a model id."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import Refused, RegistryUnavailable
from bot.manifests import Reading
from bot.ports import Registry

SHOWN = 8


class VersionNames:
    """Asks the registry which version has an id. An id never changes its version, so the answer is kept."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[tuple[str, str], str] = {}

    def name(self, registered: str, seen: Reading) -> str | None:
        """The version; where the registry does not tell, the id in words; where nothing matches, the raw value."""
        if seen.version or seen.state != "pinned":
            return seen.version or seen.raw
        return self._by_id(registered, seen.variables) or _in_words(seen.variables) or seen.raw

    def _by_id(self, registered: str, variables: Mapping[str, str]) -> str | None:
        run_id, model_id = variables.get("run_id"), variables.get("model_id")
        key = (registered, model_id or run_id or "")
        if key not in self._known and (run_id or model_id):
            try:
                found = self._registry.find(registered, run_id=run_id, model_id=model_id)
            except (Refused, RegistryUnavailable):
                return None
            if found is None:
                return None
            self._known[key] = found.version
        return self._known.get(key)


def _in_words(variables: Mapping[str, str]) -> str | None:
    for name, word in (("model_id", "model"), ("run_id", "run")):
        if value := variables.get(name):
            return f"{word} {value[:SHOWN]}…" if len(value) > SHOWN else f"{word} {value}"
    return None
