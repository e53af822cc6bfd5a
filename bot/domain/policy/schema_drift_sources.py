"""The policy file's words on where monitors leave what they found."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.drifting.templates import open_names
from bot.domain.policy.base import Section
from bot.domain.policy.values import Duration, EnvironmentName, Text, expected, parse_duration
from bot.domain.policy.values_drift import Fraction, Limits, Place

MAX_PATTERNS = 100
UNTOLD = frozenset({"evidently", "nannyml", "whylogs"})
"""Their reports do not tell which model and environment they are about."""


class SourceEntry(Section):
    """A directory, an object store, or runs of MLflow."""

    name: Text
    type: Literal["evidently", "nannyml", "whylogs", "json", "mlflow"]
    path: Place | None = None
    experiment: Text | None = None
    metrics: Limits = Field(default_factory=dict, max_length=MAX_PATTERNS)
    model: Text | None = None
    environment: EnvironmentName | None = None
    threshold: float | None = Field(default=None, gt=0)
    share: Fraction | None = None
    every: Duration = parse_duration("15m")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.type == "mlflow":
            if self.experiment is None or not self.metrics or self.path is not None:
                raise expected("experiment and metrics beside `type: mlflow`, and no path")
            if self.threshold is None and None in self.metrics.values():
                raise expected('a limit for each pattern, such as {"drift.psi.*": 0.2}, or threshold for all of them')
        elif self.path is None or self.experiment is not None or self.metrics:
            raise expected(f"path beside `type: {self.type}`, and neither experiment nor metrics")
        self._require_names()
        if self.every.total_seconds() < 60:
            raise expected("an every of at least 1m")
        return self

    def _require_names(self) -> None:
        """Each of the two is said once: by its key, or by the path; plain JSON and the tags of runs tell it too."""
        held = open_names(self.path or "")
        for name in ("model", "environment"):
            said = getattr(self, name) is not None
            if said and name in held:
                raise expected(f"either {name}: or {{{name}}} in the path")
            if not said and name not in held and self.type in UNTOLD:
                raise expected(f"{name}:, or {{{name}}} in the path; reports of this type do not tell it")
