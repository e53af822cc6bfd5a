"""What the registry said of a model at one look, and what changed from one look to the next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from bot.domain.policy import ProposeRule


@dataclass(frozen=True)
class RegistryState:
    """A registered model at one moment: its aliases (name to version), and its newest versions with their tags, newest
    first. ``look`` counts the looks that found something new, ``rules`` are those of the policy that were known then:
    they are no part of what was seen."""

    model: str
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """By version."""
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    """A digest of what is logged of a version, by version: of those that an open change is about."""
    look: int = field(default=0, compare=False)
    rules: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class RegistryEvent:
    """One thing that changed. ``name`` is the alias or the tag, ``value`` the tag's value; ``before`` the version that
    the alias pointed to. ``version`` is "" for an alias that was taken away. ``facts``: metrics, parameters or
    data sets were logged later."""

    kind: Literal["version", "alias", "tag", "facts"]
    version: str
    name: str = ""
    value: str | None = None
    before: str | None = None

    @property
    def words(self) -> str:
        """`@challenger was set to 7`."""
        if self.kind == "version":
            return f"version {self.version} was registered"
        if self.kind == "alias":
            return f"@{self.name} was set to {self.version}" if self.version else f"@{self.name} was taken away"
        if self.kind == "facts":
            return f"something was logged of {self.version}"
        done = "was taken away from" if self.value is None else f"= {self.value} was set on"
        return f"tag {self.name} {done} {self.version}"


def changes(before: RegistryState, now: RegistryState) -> tuple[RegistryEvent, ...]:
    """What changed between two looks: new versions oldest first, then aliases, tags and facts. Only versions that are
    newer than every one known before count as new: what was deleted lets older ones come into sight."""
    return (*_versions(before, now), *_aliases(before, now), *_tags(before, now), *_facts(before, now))


def _versions(before: RegistryState, now: RegistryState) -> Iterator[RegistryEvent]:
    newest = max(map(number, before.tags), default=0)
    for version in sorted(now.tags, key=number):
        if number(version) > newest and version not in before.tags:
            yield RegistryEvent("version", version)


def _aliases(before: RegistryState, now: RegistryState) -> Iterator[RegistryEvent]:
    for name in sorted(now.aliases.keys() | before.aliases.keys()):
        was, version = before.aliases.get(name), now.aliases.get(name, "")
        if (was or "") != version:
            yield RegistryEvent("alias", version, name, before=was)


def _tags(before: RegistryState, now: RegistryState) -> Iterator[RegistryEvent]:
    """Also those that a new version came with. A version that only came into sight has no news."""
    newest = max(map(number, before.tags), default=0)
    for version in sorted(now.tags, key=number):
        if version not in before.tags and number(version) <= newest:
            continue
        was, have = before.tags.get(version, {}), now.tags[version]
        for name in sorted(was.keys() | have.keys()):
            if was.get(name) != have.get(name):
                yield RegistryEvent("tag", version, name, have.get(name))


def _facts(before: RegistryState, now: RegistryState) -> Iterator[RegistryEvent]:
    for version in sorted(now.facts.keys() & before.facts.keys(), key=number):
        if before.facts[version] != now.facts[version]:
            yield RegistryEvent("facts", version)


def number(version: str) -> int:
    """MLflow counts versions from 1; what is no number comes before all."""
    return int(version) if version.isascii() and version.isdigit() and len(version) < 19 else 0


def fires(rule: ProposeRule, events: Sequence[RegistryEvent]) -> RegistryEvent | None:
    """The event because of which the rule proposes; where there are several, that of the newest version: one target
    takes one version."""
    found = [event for event in events if event.version and _is_meant(rule, event)]
    return max(found, key=lambda event: number(event.version), default=None)


def _is_meant(rule: ProposeRule, event: RegistryEvent) -> bool:
    if rule.on != event.kind:
        return False
    if event.kind == "alias":
        return event.name == rule.alias
    if event.kind == "tag":
        return event.name == rule.tag and event.value is not None and rule.equals in (None, event.value)
    return True


def same_alias(words: str, other: str) -> bool:
    """Whether two events, by their words, set one and the same alias."""
    name = words.rpartition(" was set to ")[0]
    return name.startswith("@") and name == other.rpartition(" was set to ")[0]


def is_for(rule: ProposeRule, model: str) -> bool:
    """Whether the rule is about the model, by its name in the policy."""
    return not rule.models or any(fnmatchcase(model, pattern) for pattern in rule.models)


def touches(events: Sequence[RegistryEvent], versions: Sequence[str | None]) -> bool:
    """Whether a change between these versions is to be judged again: gates look at their tags and at what was logged,
    and at any alias."""
    own = {"tag", "facts"}
    return any(event.kind == "alias" or (event.kind in own and event.version in versions) for event in events)
