"""Since when each rule of the policy is known, and what was registered by then.

Rules act on what happens, not on what is there: a rule fires for a model from the first look on that knew the rule.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.domain.policy import Policy, ProposeRule
from bot.domain.registry_events import RegistryState
from bot.ports import RegistryMemory
from bot.usecases.context import Context

BEGINNING = ""
"""In the place of a model's name: the names that were registered when the newest rule was seen first, and the rules."""


def known_rules(ctx: Context, memory: RegistryMemory, policy: Policy) -> dict[ProposeRule, str]:
    """Each rule with a word for it and for the commit with which it came; one that was taken out and comes again is
    another. Raises RegistryUnavailable."""
    words = {rule: hashlib.sha256(repr(rule).encode()).hexdigest()[:16] for rule in policy.propose}
    before = memory.get(BEGINNING) or RegistryState(BEGINNING)
    if set(before.tags) != set(words.values()):
        fresh = set(words.values()) - set(before.tags)
        names = dict.fromkeys(ctx.registry.models(), "") if fresh else before.aliases
        new = {"since": ctx.checkout.head()[:12]}  # two workers that see the rule first at once call it the same
        before = RegistryState(BEGINNING, names, {word: before.tags.get(word, new) for word in words.values()})
        memory.save(before, ctx.clock.now())
    return {rule: f"{word}@{before.tags[word]['since']}" for rule, word in words.items()}


def beginning(memory: RegistryMemory, now: RegistryState) -> RegistryState:
    """What a model that is seen for the first time is compared with: with nothing, where it was registered since the
    rules are known; else with itself."""
    first = memory.get(BEGINNING)
    if first is None or now.model in first.aliases:
        return replace(now, look=0, rules=())
    return RegistryState(now.model, rules=tuple(f"{word}@{one['since']}" for word, one in first.tags.items()))
