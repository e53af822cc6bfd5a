"""Two versions and what lies between them, for the tables of the comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.change import Action, Intent
from bot.domain.compared import Compared, ComparedCommit
from bot.domain.comparing import compare
from bot.domain.comparison import Comparison, Elsewhere
from bot.domain.facts import Column, DatasetInput, ModelVersion, Signature
from bot.domain.policy import ModelPolicy

DAY = 86_400.0
BASE, HEAD = "a" * 40, "b" * 40
FRAUD = ModelPolicy("fraud", owners=("slack:@fraud",), primary_metric="roc_auc")
INTENT = Intent(Action.PROMOTE, "fraud", "production", "41", "42", None, ())
SIGNATURE = Signature((Column("amount", "double"),), (Column("score", "double"),))


def version(number: str, **facts: Any) -> ModelVersion:
    usual: dict[str, Any] = {"run_id": None, "model_id": None, "experiment_id": None, "source": None}
    return ModelVersion(**{"model": "fraud", "version": number, "created_at": 1_700_000_000.0, **usual, **facts})


OLD = version(
    "41",
    metrics={"roc_auc": 0.941, "log_loss": 0.3, "gone": 1.0, "same": 2.0},
    params={"depth": "6", "eta": "0.1"},
    datasets=(DatasetInput("train", "d1", "training"), DatasetInput("eval", "e1", "eval")),
    git_commit=BASE,
    signature=SIGNATURE,
)
NEW = version(
    "42",
    created_at=1_700_000_000.0 + 3 * DAY + 60,
    metrics={"log_loss": 0.31, "roc_auc": 0.948, "new": 5.0, "same": 2.0},
    params={"depth": "8", "eta": "0.1", "seed": "1"},
    datasets=(DatasetInput("train", "d2", "training"), DatasetInput("eval", "e1", "eval")),
    git_commit=HEAD,
    signature=replace(SIGNATURE, inputs=(*SIGNATURE.inputs, Column("country", "string"))),
)
COMMITS = Compared(
    BASE,
    HEAD,
    "ahead",
    7,
    0,
    "https://forge.example/acme/training/compare/a...b",
    tuple(ComparedCommit(f"{n}" * 40, f"Subject {n}", "kim") for n in range(1, 8)),
)
NEEDS = (("scikit-learn==1.3.0", "numpy==1.26"), ("scikit_learn==1.4.2", "numpy==1.26", "lightgbm"))


def told(candidate: ModelVersion | None = NEW, deployed: ModelVersion | None = OLD, **more: Any) -> Comparison:
    """The whole of it; ``more`` in the place of single facts."""
    usual: dict[str, Any] = {
        "requirements": NEEDS,
        "commits": COMMITS,
        "elsewhere": (Elsewhere("staging", "42"), Elsewhere("canary", None)),
    }
    intent, model = more.pop("intent", INTENT), more.pop("model", FRAUD)
    return compare(intent, model, candidate, deployed, **(usual | more))
