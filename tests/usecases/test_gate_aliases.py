"""The versions that aliases point to: one question an alias, and silence is not an answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.errors import Reason, Refused, RegistryUnavailable
from bot.usecases.gate_aliases import aliased
from tests.domain.gating.metrics import gate, version

CHAMPION = version("7", auc=0.9)


class Registry:
    """Answers what it was told to, and counts."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, []

    def by_alias(self, model: str, alias: str) -> Any:
        self.asked.append((model, alias))
        answer = self.answers[alias]
        if isinstance(answer, Exception):
            raise answer
        return answer


GONE = Refused(Reason.UNKNOWN_ALIAS, "no such alias")
NO_MODEL = Refused(Reason.UNKNOWN_MODEL, "no such model")
SILENT = RegistryUnavailable("timed out")


@pytest.mark.parametrize(
    ("answers", "against", "found", "calls"),
    [
        ({"a": CHAMPION}, ["@a"], {"a": CHAMPION}, 1),
        ({"a": CHAMPION}, ["@a", "@a", "deployed", None], {"a": CHAMPION}, 1),
        ({"a": GONE, "b": CHAMPION}, ["@a", "@b"], {"a": None, "b": CHAMPION}, 2),
        ({"a": NO_MODEL, "b": CHAMPION}, ["@a", "@b"], {"b": CHAMPION}, 2),
        ({"a": SILENT, "b": CHAMPION}, ["@a", "@b"], {}, 1),
        ({}, ["deployed", None], {}, 0),
    ],
    ids=["there", "once", "absent", "no-model", "silent", "none-asked"],
)
def test_aliases(answers, against, found, calls):
    registry = Registry(**answers)
    ctx: Any = SimpleNamespace(registry=registry)
    gates = [gate(against=one, threshold=None if one else 0.5) for one in against]
    assert aliased(ctx, gates, "prod.fraud") == found
    assert len(registry.asked) == calls
    assert all(model == "prod.fraud" for model, _ in registry.asked)
