"""A model registry in memory."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.facts import ModelVersion
from bot.domain.registry_events import RegistryState
from bot.errors import Reason, Refused, SlackOpsError

_ALIAS = re.compile(r"(?![vV]\d+$)[\w-]{1,255}")
_TAG = re.compile(r"(?=.{1,250}$)(?![./])[\w.:\- ]+(/[\w.:\- ]+)*")


def _not_taken(what: str) -> Refused:
    return Refused(Reason.INVALID_NAME, f"MLflow does not take the {what}.")


@dataclass
class FakeRegistry:
    """The Registry port. ``add`` registers the next version of a model; ``down`` is raised by every call."""

    down: SlackOpsError | None = None
    artifacts: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    """By model and version, where it is not simply there."""
    needs: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """Requirements by model and version."""
    _versions: dict[str, list[ModelVersion]] = field(default_factory=dict)
    _aliases: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, model: str, **facts: Any) -> ModelVersion:
        """Register a version, as MLflow numbers it; fields that are not given get plausible values."""
        have = self._versions.setdefault(model, [])
        number = str(len(have) + 1)
        ids = {"run_id": f"run-{model}-{number}", "model_id": f"m-{model}-{number}", "experiment_id": "1"}
        usual: dict[str, Any] = {
            **ids,
            "source": f"models:/m-{model}-{number}",
            "created_at": 1_700_000_000.0 + len(have),
        }
        have.append(ModelVersion(**{"model": model, "version": number, **usual, **facts}))
        return have[-1]

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Point an alias to a version; it leaves the one that had it."""
        self.version(model, version)
        if not _ALIAS.fullmatch(alias) or alias.lower() == "latest":
            raise _not_taken(f"alias {alias!r}")
        self._aliases.setdefault(model, {})[alias] = version

    def set_tags(self, model: str, version: str, tags: Mapping[str, str]) -> None:
        self.version(model, version)
        for key in tags:
            if not _TAG.fullmatch(key):
                raise _not_taken(f"tag {key!r}")
        have = self._versions[model]
        have[:] = [replace(one, tags={**one.tags, **tags}) if one.version == version else one for one in have]

    def version(self, model: str, version: str) -> ModelVersion:
        found = [one for one in self._known(model) if one.version == version]
        if not found:
            newest = ", ".join(one.version for one in reversed(self._known(model)[-5:]))
            raise Refused(Reason.UNKNOWN_VERSION, f"{model} has no version {version!r}.", f"The newest are: {newest}.")
        return self._shown(found[0])

    def by_alias(self, model: str, alias: str) -> ModelVersion:
        self._known(model)
        aliases = self._aliases.get(model, {})
        if alias not in aliases:
            known = ", ".join(f"@{name}" for name in sorted(aliases))
            raise Refused(Reason.UNKNOWN_ALIAS, f"{model} has no alias {alias!r}.", f"It has: {known or 'none'}.")
        return self.version(model, aliases[alias])

    def versions(self, model: str, limit: int = 10) -> list[ModelVersion]:
        return [self._shown(one) for one in reversed(self._known(model))][:limit]

    def find(self, model: str, *, run_id: str | None = None, model_id: str | None = None) -> ModelVersion | None:
        self._answer()
        for one in reversed(self._versions.get(model, [])):
            if (run_id and one.run_id == run_id) or (model_id and one.model_id == model_id):
                return self._shown(one)
        return None

    def models(self) -> list[str]:
        self._answer()
        return sorted(self._versions)

    def state(self, model: str, limit: int = 20, also: Sequence[str] = ()) -> RegistryState:
        known = list(reversed(self._known(model)))
        tags = {one.version: dict(one.tags) for n, one in enumerate(known) if n < limit or one.version in also}
        facts = {one.version: repr((one.metrics, one.params)) for one in known if one.version in also}
        return RegistryState(model, dict(self._aliases.get(model, {})), tags, facts)

    def has_artifact(self, version: ModelVersion) -> bool | None:
        self._answer()
        return self.artifacts.get((version.model, version.version), True)

    def requirements(self, version: ModelVersion) -> tuple[str, ...] | None:
        self._answer()
        return self.needs.get((version.model, version.version))

    def _known(self, model: str) -> list[ModelVersion]:
        self._answer()
        if model not in self._versions:
            near = difflib.get_close_matches(model, self._versions, n=1)
            hint = (
                f"Did you mean {near[0]}?"
                if near
                else f"Registered are: {', '.join(sorted(self._versions)) or 'none'}."
            )
            raise Refused(Reason.UNKNOWN_MODEL, f"MLflow has no registered model {model!r}.", hint)
        return self._versions[model]

    def _shown(self, one: ModelVersion) -> ModelVersion:
        aliases = self._aliases.get(one.model, {})
        return replace(one, aliases=tuple(sorted(name for name, version in aliases.items() if version == one.version)))

    def _answer(self) -> None:
        if self.down is not None:
            raise self.down
