"""Whether what the policy says of training models again can be started from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.domain.doctor.finding import Finding, fail, ok
from bot.domain.retraining import RetrainRule
from bot.domain.retraining_inputs import HOSTS, is_bound_elsewhere

NAME = "retrain"


def check_retraining(rules: Mapping[str, RetrainRule], variable: Callable[[str], str | None]) -> Iterator[Finding]:
    """One line for each model whose secret is not there, or is meant for another host; one in all where nothing is
    wrong. No engine is asked, and no secret is printed. ``variable`` is an environment variable's value."""
    found = [one for model, rule in rules.items() for one in _wrong(model, rule, variable)]
    if rules and not found:
        found = [ok(NAME, f"what {len(rules)} {'rule needs' if len(rules) == 1 else 'rules need'} is set")]
    yield from found


def _wrong(model: str, rule: RetrainRule, variable: Callable[[str], str | None]) -> Iterator[Finding]:
    name = rule.secret
    if name and not (variable(name) or "").strip():
        yield fail(NAME, f"{model}: {name} is not set", "Set it, and restart the bot.")
    elif name and is_bound_elsewhere(rule.where.get("url", ""), variable(f"{name}{HOSTS}")):
        fix = f"Correct the url in the policy, or {name}{HOSTS}."
        yield fail(NAME, f"{model}: {name}{HOSTS} does not name the host of {rule.where['url']}", fix)
