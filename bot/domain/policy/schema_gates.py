"""The policy file's gates."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from bot.domain.policy.base import Section, later
from bot.domain.policy.gates import PRIMARY, direction_of
from bot.domain.policy.values import MaxRegression, Text, expected

_KINDS = ("metric", "check", "tag", "incident")
_OF_METRICS = ("threshold", "against", "max_regression", "greater_is_better")


class GateRule(Section):
    """One gate: of a metric, of checks, of a tag or of an incident."""

    metric: Text | None = None
    threshold: float | None = None
    against: Literal["deployed"] | None = None
    max_regression: MaxRegression | None = None
    greater_is_better: bool | None = None
    check: Text | None = None
    tag: Text | None = later(None)
    equals: Text | None = later(None)
    incident: Text | None = later(None)
    mode: Literal["block", "warn"] = "block"
    at: Literal["propose", "merge"] = "merge"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise expected(f"a gate with one of {', '.join(_KINDS)}; found {' and '.join(kinds) or 'none'}")
        if kinds == ["metric"]:
            self._metric_is_whole()
        elif any(getattr(self, key) is not None for key in _OF_METRICS):
            raise expected(f"{', '.join(_OF_METRICS)} only beside metric")
        if self.check and self.check.startswith("slackops/"):
            raise expected("a check of someone else's; slackops/* are the bot's own statuses")
        if self.check and self.at == "propose":
            raise expected("at: merge beside check; before the pull request there is no commit to check")
        return self

    def _metric_is_whole(self) -> None:
        if (self.threshold is None) is (self.against is None):
            raise expected("either threshold or against: deployed beside metric; write two gates for both")
        if self.max_regression is not None and self.against is None:
            raise expected("against: deployed beside max_regression")
        metric = self.metric or ""
        if metric == PRIMARY and self.greater_is_better is not None:
            raise expected("greater_is_better at the model, beside its primary_metric")
        if metric != PRIMARY and direction_of(metric, self.greater_is_better) is None:
            raise expected(f"greater_is_better: true or false, because it is not known for {metric}")
