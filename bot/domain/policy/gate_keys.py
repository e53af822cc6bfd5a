"""Which keys a gate of each kind takes, and which of them go together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.policy.gates import PRIMARY, direction_of, is_pattern
from bot.domain.policy.values import expected

if TYPE_CHECKING:
    from bot.domain.policy.schema_gates import GateRule

CHANGES = ("max_regression", "margin", "min_absolute_change", "min_relative_change")
KEYS = {
    "metric": ("threshold", "against", *CHANGES, "stderr", "confidence", "greater_is_better", "slices", "no_baseline"),
    "check": ("none", "timeout"),
    "tag": ("equals", "one_of"),
    "signature": ("no_baseline",),
    "artifact": ("digest_tag",),
    "dataset": ("max_age", "dated_by"),
    "branch": ("repo",),
    "incident": (),
    "http": ("timeout",),
}
"""What stands beside each kind, apart from the keys of all: name, mode, at, models, environments."""
_SECOND = timedelta(seconds=1)
_LONGEST_CALL = timedelta(seconds=60)


def kinds_of(rule: GateRule) -> list[str]:
    """The kinds that a gate names; a right one names one."""
    return [kind for kind in KEYS if getattr(rule, kind) is not None]


def check_gate(rule: GateRule) -> None:
    """Raises what was expected instead, where the keys of a gate do not make one gate."""
    kinds = kinds_of(rule)
    if len(kinds) != 1:
        raise expected(f"a gate with one of {', '.join(KEYS)}; found {' and '.join(kinds) or 'none'}")
    _no_others(rule, kinds[0])
    check = _CHECKS.get(kinds[0])
    if check is not None:
        check(rule)


def _no_others(rule: GateRule, kind: str) -> None:
    every = dict.fromkeys(key for keys in KEYS.values() for key in keys)
    for key in every:
        if getattr(rule, key) is not None and key not in KEYS[kind]:
            homes = [other for other, keys in KEYS.items() if key in keys]
            raise expected(f"{key} only beside {' or '.join(homes)}; {_takes(kind)}")


def _takes(kind: str) -> str:
    return f"{kind} takes {', '.join(KEYS[kind]) or 'no other key'}"


def _metric(rule: GateRule) -> None:
    if (rule.threshold is None) is (rule.against is None):
        said = "either threshold or against: deployed (or an alias such as '@champion') beside metric"
        raise expected(f"{said}; write two gates for both")
    if rule.against is None:
        _needs(rule, "against: deployed", (*CHANGES, "stderr", "confidence", "no_baseline"))
    _one_change(rule)
    _slices(rule)
    _direction(rule)


def _needs(rule: GateRule, what: str, keys: Iterable[str]) -> None:
    for key in keys:
        if getattr(rule, key) is not None:
            raise expected(f"{what} beside {key}")


def _one_change(rule: GateRule) -> None:
    """MLflow's two may stand together, and both must hold then, as at MLflow."""
    written = [key for key in CHANGES if getattr(rule, key) is not None]
    if len(written) > 1 and written != ["min_absolute_change", "min_relative_change"]:
        raise expected(f"one of {', '.join(CHANGES)}; found {' and '.join(written)}")
    if rule.margin is None:
        _needs(rule, "margin", ("stderr", "confidence"))
    elif rule.stderr is None:
        raise expected("stderr beside margin: the metric that holds the standard error; without one say max_regression")
    elif not _stderr_fits(rule.metric or "", rule.stderr):
        raise expected("stderr with one * where metric has one, so that each slice has its own; neither with ? or [")


def _stderr_fits(metric: str, stderr: str) -> bool:
    return metric.count("*") == stderr.count("*") <= 1 and not set("?[") & set(metric + stderr)


def _slices(rule: GateRule) -> None:
    if rule.slices is not None and not is_pattern(rule.metric or ""):
        raise expected("slices only beside a pattern such as recall_by_segment.*")


def _direction(rule: GateRule) -> None:
    metric = rule.metric or ""
    if metric == PRIMARY and rule.greater_is_better is not None:
        raise expected("greater_is_better at the model, beside its primary_metric")
    if metric != PRIMARY and direction_of(metric, rule.greater_is_better) is None:
        raise expected(f"greater_is_better: true or false, because it is not known for {metric}")


def _check(rule: GateRule) -> None:
    if rule.check and rule.check.startswith("slackops/"):
        raise expected("a check of someone else's; slackops/* are the bot's own statuses")
    if rule.at == "propose":
        raise expected("at: merge beside check; before the pull request there is no commit to check")
    if rule.timeout is not None and rule.timeout < _SECOND:
        raise expected("a timeout of a second or more")


def _tag(rule: GateRule) -> None:
    if rule.equals is not None and rule.one_of is not None:
        raise expected("either equals or one_of beside tag")
    if rule.one_of == ():
        raise expected("at least one value in one_of; without it any value passes")


def _signature(rule: GateRule) -> None:
    if rule.signature == "logged":
        _needs(rule, "signature: compatible or same", ("no_baseline",))


def _artifact(rule: GateRule) -> None:
    if rule.artifact != "digest":
        _needs(rule, "artifact: digest", ("digest_tag",))


def _dataset(rule: GateRule) -> None:
    if rule.max_age is None:
        _needs(rule, "max_age", ("dated_by",))
    elif rule.max_age < _SECOND:
        raise expected("a max_age of a second or more")


def _http(rule: GateRule) -> None:
    if rule.name is None:
        raise expected("name beside http: a short one, by which cards and waivers call the gate")
    if rule.timeout is not None and not _SECOND <= rule.timeout <= _LONGEST_CALL:
        raise expected("a timeout from 1s to 60s beside http")


_CHECKS: dict[str, Callable[[GateRule], None]] = {
    "metric": _metric,
    "check": _check,
    "tag": _tag,
    "signature": _signature,
    "artifact": _artifact,
    "dataset": _dataset,
    "http": _http,
}
