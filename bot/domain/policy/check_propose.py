"""What is wrong with the rules that propose by themselves beyond the shape of each key."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.policy.entries import no_environment
from bot.domain.policy.load import Key
from bot.domain.policy.policy import Policy
from bot.domain.policy.schema import PolicyFile

Finding = tuple[Key, str]


def check_propose(file: PolicyFile, policy: Policy) -> Iterator[Finding]:
    """`to` is an environment, one of its aliases, or one with regions."""
    named = (name for stage in policy.environments for name in (stage.name, *stage.aliases, stage.fanned))
    names = dict.fromkeys(name for name in named if name)
    for place, rule in enumerate(file.propose):
        if not policy.stages(rule.to):
            yield ("propose", place, "to"), no_environment(rule.to, names)
