"""The words in which people read of a retraining: one place, so that card, thread and audit agree. Pure."""

from __future__ import annotations

from bot.domain.durations import lasting
from bot.domain.retraining import Retraining, RetrainRule, RetrainState

LONGEST_REASON = 200


def engine_words(rule: RetrainRule) -> str:
    """`train.yml of acme/fraud-training`: what is started, in the engine's terms."""
    where = rule.where
    match rule.engine:
        case "github":
            return f"{where.get('workflow', '')} of {where.get('repo', '')}"
        case "airflow":
            return f"the DAG {where.get('dag', '')} of Airflow"
        case "kubeflow":
            return f"the pipeline {where.get('pipeline', '')} of Kubeflow"
        case _:
            return "a webhook"


def state_words(one: Retraining, now: float) -> str:
    """`Retraining for 3 h`, `Trained again: version 43`: how it stands, for a line of a card, which need not change by
    the minute."""
    match one.state:
        case RetrainState.ASKED | RetrainState.RUNNING if one.unsure or one.state is RetrainState.ASKED:
            return "Retraining asked for"
        case RetrainState.RUNNING:
            hours = (now - (one.started or one.asked)) // 3600
            return f"Retraining for {lasting(hours * 3600)}" if hours >= 1 else "Retraining"
        case RetrainState.SUCCEEDED if one.version:
            return f"Trained again: version {one.version}"
        case RetrainState.SUCCEEDED:
            return "Trained again; its version is not known" if one.settled else "Trained again"
        case RetrainState.FAILED:
            return "Retraining failed"
        case _:
            return "Retraining lost sight of"


def started_words(one: Retraining) -> str:
    """For the thread."""
    what = engine_words(one.rule) if one.rule else one.engine
    why = f" ({short_reason(one)})" if one.reason else ""
    return f"had it trained again{why}: {what} runs."


def ended_words(one: Retraining) -> str:
    """For the thread, once it is known what came of it."""
    took = f" after {lasting(_ended(one) - one.started)}" if one.started else ""
    said = f": {one.message.rstrip('.')}" if one.message else ""
    if one.state is RetrainState.FAILED:
        return f"Retraining failed{took}{said}."
    if one.state is RetrainState.LOST:
        return f"Retraining{said or ' lost sight of'}. Look at it in its engine."
    if one.version:
        return f"Trained again{took}: version {one.version}, to be proposed for {one.to}{said}."
    todo = f"Promote it by name, or tag it `slackops.retrain` = `{one.id}` next time."
    return f"Trained again{took}, and nothing was proposed{said}. {todo}"


def _ended(one: Retraining) -> float:
    """The engine's own word, where it is one: the bot may have been away."""
    return max(one.finished or one.ended or one.asked, one.started or one.asked)


def rule_words(one: Retraining, who: str) -> str:
    """Why the version is proposed, for the change that proposes it; ``who`` asked for the retraining."""
    return f"{who} had it trained again for {one.environment}: {short_reason(one)}"


def short_reason(one: Retraining) -> str:
    """On one line, of a bearable length."""
    text = " ".join((one.reason or "").split())
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"
