"""The example's policy for a world in which no engine tells how a rollout goes: it must not wait for one."""

from __future__ import annotations

import re

_STAGING = re.compile(rb"(?<=\n  staging: )\{rollout: \{engine: argocd[^{}]*\}\}")
_PRODUCTION = re.compile(rb"(?<=\n    )rollout: \{engine: argocd[^{}]*\}\n    on_healthy: [^\n]*")


def without_engine(policy: bytes) -> bytes:
    """The policy with ``engine: none`` in production and nothing of a rollout in staging."""
    policy, staging = _STAGING.subn(b"{}", policy)
    policy, production = _PRODUCTION.subn(b"rollout: {engine: none}", policy)
    assert (staging, production) == (1, 1), "the example's policy names its engines in another way"
    return policy
