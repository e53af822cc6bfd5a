"""The page about gates: its examples are valid, every kind is there, and what it quotes is what gates say."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from bot.domain.policy import Margin, Regression, parse_policy
from bot.domain.policy.gate_keys import KEYS
from bot.domain.policy.schema_gates import GateRule
from tests.domain.gating.metrics import gate, judged, version

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "howto" / "gates.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def whole(block: str) -> bytes:
    """A list of gates is one of an environment."""
    if not block.startswith("gates:"):
        return block.encode()
    return f"environments:\n  production:\n{textwrap.indent(block, '    ')}".encode()


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_examples_are_valid(block):
    policy = parse_policy({".slackops.yaml": whole(block)})
    assert policy.gates_for("fraud-detector", "production")


def test_every_kind_has_an_example():
    assert [kind for kind in KEYS if not any(f"{{{kind}: " in block for block in BLOCKS)] == []


def test_every_key_is_in_the_reference():
    section = (DOCS / "reference" / "policy.md").read_text().partition("\n## gates\n")[2].partition("\n## ")[0]
    assert [key for key in GateRule.model_fields if not re.search(rf"`{key}[`:]", section)] == []


BETTER = gate("roc_auc", against="deployed", max_regression=Regression(1.0, percent=True))
SURE = gate("roc_auc", against="deployed", margin=Margin(0.005, "se"))
SLICES = gate("recall_by_segment.*", threshold=0.8)


@pytest.mark.parametrize(
    ("one", "new", "old"),
    [
        (gate(threshold=0.9), version("42", auc=0.899), None),
        (BETTER, version("42", roc_auc=0.948), version("41", roc_auc=0.941)),
        (BETTER, version("42", roc_auc=0.92), version("41", roc_auc=0.94)),
        (BETTER, version("42", roc_auc=0.92), version("41")),
        (BETTER, version("41", roc_auc=0.92), version("41")),
        (BETTER, version("42", roc_auc=-0.1), version("41", roc_auc=0.0)),
        (SURE, version("42", roc_auc=0.93, se=0.002), version("41", roc_auc=0.94, se=0.002)),
        (SLICES, version("42"), None),
    ],
)
def test_what_is_quoted_is_said(one, new, old):
    result = judged(one, new, old)
    assert f"`{result.observed}`" in PAGE
