"""From the policy file's words on drift and retraining to the facts that the bot asks for."""

from __future__ import annotations

from bot.domain.policy.build_drift_runs import run_of, source_of
from bot.domain.policy.model_drift import DigestRule, DriftPolicy, IncidentRule
from bot.domain.policy.schema_digests import Digest
from bot.domain.policy.schema_drift import Drift, DriftIncident


def drift_of(rule: Drift, channel: str) -> DriftPolicy:
    """``channel`` is where digests go that name none."""
    return DriftPolicy(
        sources=tuple(source_of(one) for one in rule.sources),
        runs=tuple(run_of(one) for one in rule.runs),
        incident=_incident(rule.incident),
        digests=tuple(_digest(one, place, channel) for place, one in enumerate(rule.digests)),
    )


def _incident(rule: DriftIncident) -> IncidentRule:
    opens, closes = (rule.open.hits, rule.open.tries), (rule.close.hits, rule.close.tries)
    return IncidentRule(opens, closes, rule.worsens, rule.critical, rule.promotions)


def _digest(rule: Digest, place: int, channel: str) -> DigestRule:
    return DigestRule(
        rule.name or f"digest-{place + 1}",
        rule.cron,
        rule.timezone,
        rule.channel or channel,
        rule.models,
        rule.owner or "",
        rule.environment or "",
        rule.empty,
    )
