"""What is wrong with digests beyond the shape of each key."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.policy.entries import no_environment
from bot.domain.policy.load import Key
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import PolicyFile

Finding = tuple[Key, str]


def check_digests(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """Each has a name of its own, by which it is remembered; environments are known, by name or alias, or have
    regions."""
    seen: dict[str, int] = {}
    known = dict.fromkeys(
        name for stage in policy.environments for name in (stage.name, *stage.aliases, stage.fanned) if name
    )
    for place, (written, rule) in enumerate(zip(file.drift.digests, policy.drift.digests, strict=True)):
        key: Key = ("drift", "digests", place)
        if seen.setdefault(rule.name, place) != place:
            where = (*key, "name") if written.name else key
            yield where, f"another digest is called {rule.name!r} too; add a name: of its own to one of them"
        if rule.environment and not policy.stages(rule.environment):
            yield (*key, "environment"), no_environment(rule.environment, known)
