"""Which models are trained, and with what: one recipe a version.

The story that the numbers tell is true: fraud-detector 4 is better than 3, which is deployed; 5 was trained on too few
rows and misses most of the frauds; churn 17 gave up regularisation, and its log_loss is 5 % worse than 16's; every
ltv and every recommender is better than the one before. No metric tells that ltv 5 needs more memory than it gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Task = Literal["classification", "regression"]


@dataclass(frozen=True)
class Recipe:
    """How one version is trained: ``rows`` of the training split, ``features`` (empty: all), the penalty."""

    rows: int
    penalty: float
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A registered model and its versions, from 1. ``held_out`` is the share of rows that only measure.

    ``segments`` are equal parts of those rows, by their first column, each measured for itself as well.
    """

    name: str
    dataset: str
    task: Task
    primary: str
    description: str
    author: str
    held_out: float
    split_seed: int
    recipes: tuple[Recipe, ...]
    segments: tuple[str, ...] = ()


_A = ("mean smoothness", "mean texture")
_B = (*_A, "mean symmetry", "mean compactness")
_C = (*_B, "perimeter error")
_D = (*_C, "mean fractal dimension")

FRAUD = Line(
    name="fraud-detector",
    dataset="breast_cancer",
    task="classification",
    primary="roc_auc",
    description="Probability that a card payment is fraud. Trained on scikit-learn's bundled breast cancer data, as a "
    "stand-in for payments.",
    author="ana",
    held_out=0.4,
    split_seed=7,
    recipes=(
        Recipe(200, 0.1, _A),
        Recipe(341, 1.0, _B),
        Recipe(341, 1.0, _C),
        Recipe(341, 1.0, _D),
        Recipe(60, 0.02, _D),
    ),
    segments=("small", "medium", "large"),
)

_CHURN = (
    (200, 0.001), (200, 0.003), (300, 0.003), (300, 0.01), (400, 0.01), (400, 0.03), (500, 0.03), (600, 0.03),
    (700, 0.03), (800, 0.03), (900, 0.03), (1000, 0.03), (1078, 0.03), (600, 0.1), (700, 0.1), (800, 0.1), (900, 1.0),
)  # fmt: skip

CHURN = Line(
    name="churn",
    dataset="digits",
    task="classification",
    primary="log_loss",
    description="Probability that a customer leaves within 90 days. Trained to tell odd from even in scikit-learn's "
    "bundled digits, as a stand-in for customers.",
    author="chloe",
    held_out=0.4,
    split_seed=11,
    recipes=tuple(Recipe(rows, penalty) for rows, penalty in _CHURN),
)

LTV = Line(
    name="ltv",
    dataset="diabetes",
    task="regression",
    primary="rmse",
    description="Customer lifetime value in euros. Trained on scikit-learn's bundled diabetes data, as a stand-in for "
    "purchases.",
    author="ben",
    held_out=0.3,
    split_seed=3,
    recipes=(Recipe(100, 1.0), Recipe(200, 1.0), Recipe(309, 1.0), Recipe(309, 0.1), Recipe(309, 0.09)),
)

RECOMMENDER = Line(
    name="recommender",
    dataset="wine",
    task="classification",
    primary="roc_auc",
    description="Probability that a visitor opens what is recommended. Trained to tell one kind of wine from others "
    "in scikit-learn's bundled data, as a stand-in for clicks.",
    author="chloe",
    held_out=0.4,
    split_seed=5,
    recipes=tuple(Recipe(106, 1.0, ("ash", "malic_acid", "hue")[:count]) for count in (1, 2, 3)),
)

LINES = (FRAUD, CHURN, LTV, RECOMMENDER)
# What is trained next, when somebody asks for it: a version that is fine, and one that is worse than all that runs.
NEXT: Mapping[str, tuple[Recipe, Recipe]] = MappingProxyType(
    {
        "fraud-detector": (Recipe(341, 1.2, _D), Recipe(60, 0.02, _D)),
        "churn": (Recipe(1000, 0.1), Recipe(200, 0.001)),
        "ltv": (Recipe(309, 0.095), Recipe(100, 1.0)),
        "recommender": (Recipe(106, 1.1, ("ash", "malic_acid", "hue")), Recipe(60, 0.02, ("ash",))),
    }
)
LOWER_IS_BETTER = frozenset({"log_loss", "rmse", "mae"})
ALIASES: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "fraud-detector": {"champion": 3, "challenger": 4},
        "churn": {"champion": 16, "challenger": 17},
        "ltv": {"champion": 3, "challenger": 4},
        "recommender": {"champion": 2, "challenger": 3},
    }
)
