"""What is said in a channel about the model registry, by meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RegistryNews:
    """A rule that could not propose, or an alias that does not say what Git says. ``unblock`` is what to do about it;
    ``settled``: it is over, and stands there for the record. ``notify``: `slack:U…`, `slack:S…`."""

    headline: str
    text: str
    unblock: str = ""
    notify: tuple[str, ...] = ()
    settled: bool = False
