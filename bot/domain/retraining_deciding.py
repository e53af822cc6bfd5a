"""Whether a model may be trained again now, and when to look at one that is. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.durations import lasting
from bot.domain.retraining import Retraining, RetrainRule, RetrainState, Started
from bot.errors import Reason, Refused

EVERY = "*"
GIVE_UP_SECONDS = 2 * 3600.0
"""One that could not be started in this time will not be: its row was given up before that."""
LATE_SECONDS = 900.0
"""A version may be registered, or tagged, a little after the run that made it has ended."""
ENGINE_LOOKS, REGISTRY_LOOKS = 6, 288
"""Who has not answered so many looks stays away: half an hour, and a day, of those that are five minutes apart. Not of
time: the bot itself may have been away."""
CLOCKS_APART = 60.0
SETTLE_SECONDS = 20.0
"""An engine may need so long until it lists what it has taken on."""
_PACES = ((120.0, 30.0), (600.0, 60.0), (1800.0, 120.0))
_SLOWEST = 300.0


def rule_for(rules: Mapping[str, RetrainRule], model: str) -> RetrainRule:
    """The model's own rule, else that of `*`. Raises Refused(NOT_SUPPORTED)."""
    rule = rules.get(model) or rules.get(EVERY)
    if rule is None:
        raise Refused(
            Reason.NOT_SUPPORTED,
            f"The policy does not say how {model} is trained.",
            f"Add `retrain: {{{model}: …}}` to it: a workflow, a DAG, a pipeline, or a webhook.",
        )
    return rule


def running_of(past: Sequence[Retraining]) -> Retraining | None:
    """The one that runs already."""
    return next((one for one in past if one.runs), None)


def cooling_of(past: Sequence[Retraining], rule: RetrainRule, now: float) -> Retraining | None:
    """The one after which it is too soon. What failed may be tried again at once."""
    last = next((one for one in past if not one.runs and one.state is not RetrainState.FAILED), None)
    return last if last is not None and now < last.asked + rule.cooldown else None


def refuse_cooling(one: Retraining, rule: RetrainRule, who: str, now: float) -> Refused:
    """The refusal, which names when and who."""
    ago, left = lasting(now - one.asked), lasting(one.asked + rule.cooldown - now)
    return Refused(
        Reason.RETRAIN_COOLING,
        f"{one.model} was trained again for {one.environment} {ago} ago; {who} asked for it.",
        f"Ask again in {left}: the policy wants {lasting(rule.cooldown)} between two retrainings.",
    )


def joined(one: Retraining, incident: str) -> Retraining:
    """One more incident hears of it, while it runs."""
    if not one.runs or not incident or incident in (one.incident, *one.also):
        return one
    return one.model_copy(update={"also": (*one.also, incident)})


def pace(one: Retraining, now: float) -> float:
    """Seconds until the next look: often in the first minutes, every five minutes later."""
    since = now - (one.ended or one.started or one.asked)
    return next((seconds for until, seconds in _PACES if since < until), _SLOWEST)


def told_of(one: Retraining, told: Started | str, now: float) -> Retraining:
    """What is known after a look; ``told`` is a sentence where the engine did not answer."""
    if not one.runs:
        return one
    if isinstance(told, str):
        one = heard(one, answered=False)
        return _timed_out(one, now, told) if one.silent >= ENGINE_LOOKS else one
    seen = {"state": told.state, "started": one.started or now, "silent": 0, "unsure": "" if told.run else one.unsure}
    known = one.model_copy(update=news_of(one, told) | seen)
    if known.runs:
        return _timed_out(known, now, known.unsure)
    return known.model_copy(update={"ended": now, "finished": _finished(known, told), "message": told.message[:500]})


def heard(one: Retraining, *, answered: bool) -> Retraining:
    """One more look."""
    return one.model_copy(update={"silent": 0 if answered else one.silent + 1})


def _finished(one: Retraining, told: Started) -> float | None:
    """Engines fill in a moment of long ago for what they do not know."""
    began = one.started or one.asked
    return told.ended if told.ended is not None and told.ended >= began - CLOCKS_APART else None


def news_of(one: Retraining, told: Started) -> dict[str, str]:
    """What an engine says of a run; what it leaves out stays."""
    return {
        "run": told.run or one.run,
        "url": told.url or one.url,
        "status": told.status or one.status,
        "commit": told.commit or one.commit,
        "named": told.version or one.named,
    }


def _timed_out(one: Retraining, now: float, trouble: str = "") -> Retraining:
    limit = one.rule.timeout if one.rule else 0.0
    if now < one.asked + limit:
        return one
    words = f"not known to have ended within {lasting(limit)}{f'; {trouble[:300]}' if trouble else ''}"
    return one.model_copy(update={"state": RetrainState.LOST, "ended": now, "message": words})
