"""What the models are asked: columns drawn from distributions, the same on every machine.

A window is normal, or the world has changed: people spend more and come from elsewhere, a little or much; or a service
upstream has forgotten the country, and what is computed from it goes wrong as well.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

Condition = Literal["normal", "drifting", "worse", "no_country"]
Rows = Mapping[str, tuple[float | str, ...]]
CONDITIONS: tuple[Condition, ...] = ("normal", "drifting", "worse", "no_country")
ROWS = 2500
COUNTRY, RISK = "country_code", "country_risk"
_RISK = {"DE": 0.2, "FR": 0.3, "ES": 0.4, "IT": 0.45, "BR": 0.8, "": 0.2}
_HOME = {"DE": 45, "FR": 25, "ES": 17, "IT": 12, "BR": 1}


@dataclass(frozen=True)
class World:
    """How many come from where, and by how much the first figure of a model is larger than it was."""

    countries: Mapping[str, int]
    factor: float = 1.0
    remembered: float = 0.0
    """The share of the rows whose risk was computed while the country was known still."""


_WORLDS: Mapping[Condition, World] = MappingProxyType(
    {
        "normal": World(_HOME),
        "drifting": World({"DE": 41, "FR": 24, "ES": 16, "IT": 12, "BR": 7}, 1.13),
        "worse": World({"DE": 33, "FR": 20, "ES": 14, "IT": 10, "BR": 23}, 1.4),
        "no_country": World({"": 98, "DE": 1, "FR": 1}, remembered=0.75),
    }
)
FIGURES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "fraud-detector": ("amount", "hour"),
        "churn": ("calls", "tenure"),
        "ltv": ("basket", "orders"),
        "recommender": ("visits", "age"),
    }
)
"""The two figures that each model sees beside the country; in a changed world the first one grows."""


def window(model: str, condition: Condition, number: int) -> Rows:
    """The rows of one window of a model, column by column. Raises LookupError for a model that nobody watches."""
    first, second = FIGURES[model]
    return _drawn(_WORLDS[condition], f"{model} {condition} {number}", first, second)


@cache
def reference(model: str) -> Rows:
    """The rows that the model was trained on. Raises LookupError."""
    first, second = FIGURES[model]
    return _drawn(_WORLDS["normal"], f"{model} reference", first, second)


def _drawn(world: World, seed: str, first: str, second: str) -> Rows:
    draw = random.Random(seed)
    countries = draw.choices(list(world.countries), list(world.countries.values()), k=ROWS)
    return {
        first: tuple(round(draw.lognormvariate(3.4, 0.6) * world.factor, 2) for _ in range(ROWS)),
        second: tuple(float(round(draw.gauss(40, 9))) for _ in range(ROWS)),
        COUNTRY: tuple(countries),
        RISK: tuple(_risk(draw, country, world) for country in countries),
    }


def _risk(draw: random.Random, country: str, world: World) -> float:
    if draw.random() < world.remembered:
        country = draw.choices(list(_HOME), list(_HOME.values()))[0]
    return _RISK[country]
