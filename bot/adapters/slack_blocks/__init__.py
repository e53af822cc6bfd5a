"""From what is meant to Block Kit. Pure; within Slack's limits whatever the input."""

from __future__ import annotations

from typing import Any

from bot.adapters.slack_blocks.audit import audit_list
from bot.adapters.slack_blocks.change_card import change_card, plan_card
from bot.adapters.slack_blocks.ci import ci_card, ci_digest
from bot.adapters.slack_blocks.comparison import comparison_card
from bot.adapters.slack_blocks.digests import drift_report
from bot.adapters.slack_blocks.forms import view_of
from bot.adapters.slack_blocks.incidents import feature_table, incident_card
from bot.adapters.slack_blocks.links import link_message
from bot.adapters.slack_blocks.models import model_detail, model_list
from bot.adapters.slack_blocks.notices import help_card, receipt, refusal, thread_event, thread_news
from bot.adapters.slack_blocks.pushes import push_news
from bot.adapters.slack_blocks.registry import registry_news
from bot.adapters.slack_blocks.retrains import retrain_card
from bot.adapters.slack_blocks.rollouts import confirm_card
from bot.adapters.slack_blocks.stops import stop_list, stop_news
from bot.adapters.slack_blocks.storms import storm_card, storm_list
from bot.adapters.slack_blocks.subscriptions import subscribed, subscription_list, subscription_news
from bot.adapters.slack_blocks.text import Block
from bot.domain.cards import (
    AuditList,
    ChangeCard,
    ConfirmCard,
    Help,
    LeaverNews,
    LinkOffer,
    LinkWaits,
    Message,
    ModelDetail,
    ModelList,
    PlanCard,
    Receipt,
    Refusal,
    ThreadEvent,
    ThreadNews,
)
from bot.domain.ci_cards import CiCard, CiDigest
from bot.domain.comparison_card import ComparisonCard
from bot.domain.digest_cards import DriftReport
from bot.domain.forms import Form
from bot.domain.incident_cards import FeatureTable, IncidentCard
from bot.domain.push_cards import PushNews
from bot.domain.registry_cards import RegistryNews
from bot.domain.retrain_cards import RetrainCard
from bot.domain.stop_cards import StopList, StopNews
from bot.domain.storm_cards import StormCard, StormList
from bot.domain.subscription_cards import Subscribed, SubscriptionList, SubscriptionNews

__all__ = ["render", "render_form"]


def render(message: Message, prefix: str = "") -> dict[str, Any]:
    """``{"text": …, "blocks": […]}`` of a message. ``prefix`` is put before the names of slash commands."""
    return dict(_render(message, prefix))


def render_form(form: Form) -> dict[str, Any]:
    """The view of a form."""
    return dict(view_of(form))


def _render(message: Message, prefix: str) -> Block:  # noqa: C901, PLR0911, PLR0912  (one line a card)
    match message:
        case ChangeCard():
            return change_card(message)
        case PlanCard():
            return plan_card(message)
        case ConfirmCard():
            return confirm_card(message)
        case Subscribed():
            return subscribed(message)
        case SubscriptionList():
            return subscription_list(message)
        case SubscriptionNews():
            return subscription_news(message)
        case ComparisonCard():
            return comparison_card(message)
        case Receipt():
            return receipt(message)
        case Refusal():
            return refusal(message, prefix)
        case ThreadEvent():
            return thread_event(message)
        case ThreadNews():
            return thread_news(message)
        case ModelList():
            return model_list(message, prefix)
        case ModelDetail():
            return model_detail(message)
        case StopNews():
            return stop_news(message, prefix)
        case StopList():
            return stop_list(message)
        case PushNews():
            return push_news(message)
        case RegistryNews():
            return registry_news(message, prefix)
        case CiCard():
            return ci_card(message)
        case CiDigest():
            return ci_digest(message)
        case DriftReport():
            return drift_report(message, prefix)
        case IncidentCard():
            return incident_card(message)
        case FeatureTable():
            return feature_table(message)
        case StormCard():
            return storm_card(message)
        case StormList():
            return storm_list(message)
        case RetrainCard():
            return retrain_card(message)
        case AuditList():
            return audit_list(message)
        case LinkOffer() | LinkWaits() | LeaverNews():
            return link_message(message)
        case Help():
            return help_card(message, prefix)
