"""Fleets of feature columns from seeds: the same in this environment and in Evidently's. Needs numpy alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEATURES = 50


def columns(model: int, rows: int, *, drifted: bool) -> dict[str, NDArray[np.float64]]:
    """Half of the features are skewed; in the current data every third has moved by a fifth of its spread."""
    random = np.random.RandomState(2 * model + drifted)
    found = {}
    for number in range(FEATURES):
        moved = 0.2 if drifted and number % 3 == 0 else 0.0
        noise = random.normal(moved, 1.0, rows)
        found[f"feature_{number:02}"] = noise if number % 2 else np.exp(noise / 2.0)
    return found
