"""The policy file's words on drift: what the parts of the section are put together from."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.domain.policy.base import Section
from bot.domain.policy.model_drift import Promotions
from bot.domain.policy.schema_digests import Digest
from bot.domain.policy.schema_drift_runs import RunEntry
from bot.domain.policy.schema_drift_sources import SourceEntry
from bot.domain.policy.values import Of, Share, expected, parse_share

MAX_ENTRIES = 1000
MOST_WINDOWS = 20
"""Windows of a monitor that are looked at: more would have to be kept of each."""


def _few(share: Share) -> Share:
    if share.tries > MOST_WINDOWS:
        raise expected(f"a share of at most {MOST_WINDOWS} windows, such as 2 of 3")
    return share


Windows = Annotated[Of, AfterValidator(_few)]


class DriftIncident(Section):
    """When an incident opens and closes, when it is worse or critical, and what an open one means for promotions."""

    open: Windows = parse_share("2 of 3")
    close: Windows = parse_share("3 of 3")
    worsens: float = Field(default=1.5, gt=1, le=1000)
    critical: float = Field(default=3.0, gt=1, le=1000)
    promotions: Promotions = "warn"


class Drift(Section):
    """Where drift comes from or is measured, and what is made of it."""

    sources: tuple[SourceEntry, ...] = Field(default=(), max_length=MAX_ENTRIES)
    runs: tuple[RunEntry, ...] = Field(default=(), max_length=MAX_ENTRIES)
    incident: DriftIncident = DriftIncident()
    digests: tuple[Digest, ...] = Field(default=(), max_length=MAX_ENTRIES)
