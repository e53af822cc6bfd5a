"""Trains one version with scikit-learn and measures it on rows that it never saw. Same recipe, same numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.sandbox.seed.recipes import Line, Recipe

DIGITS = 4  # what is logged of a metric: enough to compare, and the same on every machine

_TARGETS: dict[str, Callable[[Any], Any]] = {  # what is told from the rest, 1, in the data sets that have classes
    "breast_cancer": lambda y: 1 - y,
    "digits": lambda y: y % 2,
    "wine": lambda y: (y == 1).astype(int),
}


@dataclass(frozen=True)
class Rows:
    """Part of a data set: ``digest`` identifies its content, as MLflow's data-set digests do."""

    x: Any
    y: Any
    digest: str


@dataclass(frozen=True)
class Trained:
    """A fitted estimator with what is known of it."""

    estimator: Any
    features: tuple[str, ...]
    metrics: dict[str, float]
    params: dict[str, str]
    train: Rows
    held_out: Rows


def train(line: Line, recipe: Recipe) -> Trained:
    """Fit the recipe and measure it."""
    names, xs, ys, xs_out, ys_out = _split(line.dataset, line.held_out, line.split_seed, line.task == "classification")
    features = recipe.features or names
    columns = [names.index(name) for name in features]
    fit, out = _rows(xs[: recipe.rows, columns], ys[: recipe.rows]), _rows(xs_out[:, columns], ys_out)
    estimator = _estimator(line, recipe).fit(fit.x, fit.y)
    measure = _classification if line.task == "classification" else _regression
    measured = {**measure(estimator, out), **_by_segment(line, estimator, out)}
    metrics = {name: round(float(value), DIGITS) for name, value in measured.items()}
    return Trained(estimator, features, metrics, _params(line, recipe, len(features)), fit, out)


def _estimator(line: Line, recipe: Recipe) -> Any:
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if line.task == "regression":
        return make_pipeline(Ridge(alpha=recipe.penalty))
    return make_pipeline(StandardScaler(), LogisticRegression(C=recipe.penalty, max_iter=500))


def _params(line: Line, recipe: Recipe, features: int) -> dict[str, str]:
    kind = {"algorithm": "Ridge", "alpha": str(recipe.penalty)}
    if line.task == "classification":
        kind = {"algorithm": "LogisticRegression", "C": str(recipe.penalty), "max_iter": "500"}
    return {**kind, "rows": str(recipe.rows), "features": str(features), "split_seed": str(line.split_seed)}


def _classification(estimator: Any, out: Rows) -> dict[str, Any]:
    from sklearn.metrics import log_loss, precision_score, recall_score, roc_auc_score

    chance = estimator.predict_proba(out.x)[:, 1]
    said = chance > 0.5
    return {
        "roc_auc": roc_auc_score(out.y, chance),
        "log_loss": log_loss(out.y, chance),
        "recall": recall_score(out.y, said),
        "precision": precision_score(out.y, said),
    }


def _by_segment(line: Line, estimator: Any, out: Rows) -> dict[str, Any]:
    import numpy as np
    from sklearn.metrics import recall_score

    if not line.segments:
        return {}
    said = estimator.predict(out.x)
    parts = np.array_split(np.argsort(out.x[:, 0], kind="stable"), len(line.segments))
    return {
        f"recall_by_segment.{name}": recall_score(out.y[rows], said[rows])
        for name, rows in zip(line.segments, parts, strict=True)
    }


def _regression(estimator: Any, out: Rows) -> dict[str, Any]:
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    said = estimator.predict(out.x)
    return {
        "rmse": root_mean_squared_error(out.y, said),
        "mae": mean_absolute_error(out.y, said),
        "r2": r2_score(out.y, said),
    }


@cache
def _split(dataset: str, held_out: float, seed: int, stratify: bool) -> tuple[Any, ...]:
    from sklearn import datasets
    from sklearn.model_selection import train_test_split

    bunch = getattr(datasets, f"load_{dataset}")()
    target = _TARGETS.get(dataset, lambda y: y)(bunch.target)
    xs, xs_out, ys, ys_out = train_test_split(
        bunch.data, target, test_size=held_out, random_state=seed, stratify=target if stratify else None
    )
    return tuple(map(str, bunch.feature_names)), xs, ys, xs_out, ys_out


def _rows(x: Any, y: Any) -> Rows:
    content = x.astype("<f8").tobytes() + y.astype("<f8").tobytes()
    return Rows(x, y, hashlib.sha256(content).hexdigest()[:8])
