"""Runs and sources that do not work: told once when that begins, and once when it is over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.domain.policy import Policy
from bot.domain.registry_cards import RegistryNews
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.tell import post_once

_MEMORY = "drift-trouble:"


@dataclass(frozen=True)
class Subject:
    """What works or not. ``key`` tells it from every other, ``name`` is what people call it, such as `Run scores`."""

    key: str
    name: str
    channel: str


def subject_of(policy: Policy, key: str, name: str, environment: str) -> Subject:
    """Told where the environment's cards go; where there is none, in the policy's own channel."""
    stages = policy.stages(environment)
    return Subject(key, name, stages[0].channel if stages else policy.channel)


def note_trouble(ctx: Context, subject: Subject, why: Refused | None, now: float) -> None:
    """It failed at this time, or worked (``why`` is None): said where it was the other way round before. ``now`` is the
    same at a second try of the same row, so that it is said once. Raises what the chat raises."""
    memory = ctx.drift_memory
    if memory is None:
        return
    before = memory.get(_MEMORY + subject.key)
    if (why is not None) is (before is not None and bool(before[1])):
        return
    mark = f"{'failed' if why else 'works'}:{now:.0f}"
    post_once(ctx, _hashed(subject), mark, subject.channel, _news(subject, why), thread=None, broadcast=False)
    memory.save(_MEMORY + subject.key, ctx.clock.now(), why.message if why else "")


def _news(subject: Subject, why: Refused | None) -> RegistryNews:
    if why is None:
        return RegistryNews(f"{subject.name} works again", "What it finds counts again.", settled=True)
    return RegistryNews(f"{subject.name} failed", why.message, why.unblock or "")


def _hashed(subject: Subject) -> str:
    """Names may be long, and hold what a mark may not."""
    return f"drift:{hashlib.sha256(subject.key.encode()).hexdigest()[:24]}"
