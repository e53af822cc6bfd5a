"""Channels that subscribed hear of CI when the owners' does: with the card, or with the message of many."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.ci_branch import Alert, CiBranch
from bot.domain.ci_words import headline, together
from bot.domain.commands import TellSubscribers
from bot.errors import Refused
from bot.usecases.ci_card import card_of, kept_in, subject_of
from bot.usecases.ci_places import Concern, concern_of, models_of, places_of
from bot.usecases.context import Context
from bot.usecases.repo import Repo


def hear_card(ctx: Context, repo: Repo, concern: Concern, branch: CiBranch, alert: Alert) -> None:
    """They hear of a card, unless the first of its channels is told later, with many others."""
    subjects = [subject_of(branch.repo, alert.sha, channel) for channel in alert.channels]
    if not subjects or kept_in(ctx, subjects[0]):
        return
    text = headline(card_of(ctx, concern, branch, alert, None))
    _ask(ctx, repo, concern, f"ci:{branch.repo}:{alert.sha}", text, (alert,), subjects)


def hear_many(ctx: Context, repo: Repo, window: str, found: Sequence[tuple[CiBranch, Alert]]) -> None:
    """They hear once a repository of what was kept back and fails still."""
    failing = [(branch, alert) for branch, alert in found if alert.failing]
    for name in dict.fromkeys(branch.repo for branch, _ in failing):
        mine = [(branch, alert) for branch, alert in failing if branch.repo == name]
        try:
            concern = concern_of(ctx, repo.policy(ctx.checkout.head()), name)
        except Refused:
            return
        if concern is not None:
            cards = [card_of(ctx, concern, branch, alert, None) for branch, alert in mine]
            _ask(ctx, repo, concern, f"{window}:{name}", together(cards), [alert for _, alert in mine], [window])


def _ask(
    ctx: Context, repo: Repo, concern: Concern, key: str, text: str, alerts: Sequence[Alert], subjects: Sequence[str]
) -> None:
    """A row a model that somebody listens to, and an environment where it concerns all of them; each channel hears it
    once. ``subjects``: the messages that tell it."""
    cards = (ctx.posts.get(subject, "card") for subject in subjects)
    heard = tuple(card.channel for card in cards if card is not None and card.ts)
    url = next((gate.url for alert in alerts for gate in alert.gates if gate.url), "")
    told = TellSubscribers(key=key, event="ci", model="", environment="", text=text, url=url, but=heard)
    for model in _listened(ctx, models_of(repo, concern)):
        ctx.inbox.put(f"news:{key}:{model}", told.model_copy(update={"model": model}))
    for place in _listened(ctx, places_of(concern)):
        ctx.inbox.put(f"news:{key}:env:{place}", told.model_copy(update={"environment": place}))


def _listened(ctx: Context, names: Sequence[str]) -> Sequence[str]:
    """Those of whose CI some channel wants to hear."""
    known = ctx.subscriptions
    if known is None or not known.channels(names, "ci"):
        return ()
    return [name for name in names if known.channels((name,), "ci")]
